#pragma once

#include "drover/models/layout.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace drover {

/// A view of all parameters (or of a gradient) of a model, block by block where they lie: a worker reads parameters in
/// the very buffers that the shards keep, without gathering them first. Owns nothing: the layout and the memory must
/// outlive it. Cheap to copy. `Float` is `const float` for parameters that are read, `float` for a gradient that is
/// written.
template <class Float>
class basic_parameters {
public:
  /// `blocks[i]` points at `layout.blocks()[i].size` floats, 64-byte aligned.
  basic_parameters(const parameter_layout& layout, std::span<Float* const> blocks) : layout_(&layout), blocks_(blocks) {
    if (blocks.size() != layout.blocks().size())
      throw std::invalid_argument("a view of parameters needs one pointer for each block");
  }

  [[nodiscard]] const parameter_layout& layout() const { return *layout_; }

  [[nodiscard]] std::span<Float> block(std::size_t index) const {
    return {blocks_[index], layout_->blocks()[index].size};
  }

  /// Consecutive rows of one tensor.
  struct slab {
    std::size_t row_first;
    std::size_t rows;
    std::span<Float> values; ///< rows x row_size, row-major
  };
  /// Number of slabs of a tensor; they cover its rows in order.
  [[nodiscard]] std::size_t slabs(std::size_t tensor) const { return layout_->slabs_of(tensor).size(); }
  [[nodiscard]] slab slab_of(std::size_t tensor, std::size_t index) const {
    const auto& where = layout_->slabs_of(tensor)[index];
    auto inside = where.offset - layout_->blocks()[where.block].offset;
    return {where.row_first, where.rows, block(where.block).subspan(inside, where.size)};
  }

  /// A whole tensor as one span. Only for tensors without `split_by_rows`; throws std::logic_error where it was cut.
  [[nodiscard]] std::span<Float> tensor(std::size_t index) const {
    if (slabs(index) != 1)
      throw std::logic_error("tensor " + layout_->tensors()[index].name +
                             " lies in several slabs: read it slab by slab");
    return slab_of(index, 0).values;
  }

private:
  const parameter_layout* layout_;
  std::span<Float* const> blocks_;
};

using const_parameters = basic_parameters<const float>;
using mutable_parameters = basic_parameters<float>;

/// Pointers to the blocks of one flat, contiguous, 64-byte aligned range of `layout.flat_size()` floats.
template <class Float>
std::vector<Float*> block_pointers(const parameter_layout& layout, Float* flat) {
  std::vector<Float*> result;
  result.reserve(layout.blocks().size());
  for (const auto& block : layout.blocks())
    result.push_back(flat + block.offset);
  return result;
}

} // namespace drover

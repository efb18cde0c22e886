#include "drover/models/layout.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

/// What one Cap'n Proto `Data` holds.
constexpr std::size_t data_bytes_max = std::size_t{512} << 20;

/// A slab below this is sent in less time than a block takes that holds it alone.
constexpr std::size_t small_slab_bytes = std::size_t{64} << 10;

void check(const tensor_spec& tensor) {
  if (tensor.name.empty())
    throw std::invalid_argument("a tensor has an empty name: each needs one of its own");
  if (tensor.shape.empty())
    throw std::invalid_argument("tensor " + tensor.name + " has no extents: at least one is needed");
  auto room = std::numeric_limits<std::size_t>::max() / 2 / sizeof(float);
  for (auto extent : tensor.shape) {
    if (extent == 0)
      throw std::invalid_argument("tensor " + tensor.name + " has an extent of 0: at least 1 is needed");
    if (extent > room)
      throw std::invalid_argument("tensor " + tensor.name + " has more elements than memory can address");
    room /= extent;
  }
}

/// Into how many blocks of whole rows a tensor is cut, so that none is above the size where its rows allow that.
std::size_t blocks_needed(const tensor_spec& tensor, std::size_t block_bytes_max) {
  if (!tensor.split_by_rows)
    return 1;
  auto rows_a_block = std::max<std::size_t>(1, block_bytes_max / (tensor.row_size() * sizeof(float)));
  return (tensor.rows() + rows_a_block - 1) / rows_a_block;
}

} // namespace

parameter_layout::parameter_layout(std::vector<tensor_spec> tensors, std::size_t block_bytes_max)
    : parameter_layout(std::move(tensors), block_bytes_max, false) {}

parameter_layout parameter_layout::with_tables(std::vector<tensor_spec> tensors, std::size_t block_bytes_max) {
  return {std::move(tensors), block_bytes_max, true};
}

parameter_layout::parameter_layout(std::vector<tensor_spec> tensors, std::size_t block_bytes_max, bool has_tables)
    : tensors_(std::move(tensors)), block_bytes_max_(block_bytes_max) {
  if (tensors_.empty())
    throw std::invalid_argument("a layout needs at least one tensor");
  std::set<std::string_view> names;
  for (std::size_t index = 0; index < tensors_.size(); ++index) {
    const auto& tensor = tensors_[index];
    check(tensor);
    if (!names.insert(tensor.name).second)
      throw std::invalid_argument("two tensors are named " + tensor.name + ": names must differ");
    if (has_tables && tensor.rows_of != row_owner::all) {
      add_table(index);
      first_slabs_.push_back(slabs_.size());
      continue;
    }
    auto count = blocks_needed(tensor, block_bytes_max);
    for (std::size_t part = 0; part < count; ++part) {
      // The first rows() % count blocks get one row more, so that sizes differ by one row at most.
      auto row_first = tensor.rows() / count * part + std::min(part, tensor.rows() % count);
      auto rows = tensor.rows() / count + (part < tensor.rows() % count ? 1 : 0);
      auto size = rows * tensor.row_size();
      if (size > data_bytes_max / sizeof(float))
        throw std::invalid_argument("tensor " + tensor.name + " needs a block of " +
                                    std::to_string(size * sizeof(float)) + " bytes: at most " +
                                    std::to_string(data_bytes_max) + " are allowed");
      blocks_.push_back({slabs_.size(), slabs_.size() + 1, size, flat_size_});
      slabs_.push_back({index, row_first, rows, size, flat_size_, slabs_.size()});
      flat_size_ += (size + alignment - 1) / alignment * alignment;
    }
    parameters_ += tensor.size();
    first_slabs_.push_back(slabs_.size());
  }
}

void parameter_layout::add_table(std::size_t tensor) {
  const auto& what = tensors_[tensor];
  auto same = std::ranges::find_if(tables_, [&](const table_spec& other) {
    return tensors_[other.tensor].rows_of == what.rows_of && other.rows == what.rows();
  });
  auto space = same == tables_.end() ? key_spaces_++ : same->key_space;
  tables_.push_back({tensor, space, what.rows(), what.row_size()});
  parameters_ += what.size();
}

parameter_layout parameter_layout::joined(std::size_t blocks_min) const {
  auto result = *this;
  result.blocks_.clear();
  for (std::size_t index = 0; index < slabs_.size(); ++index) {
    auto& slab = result.slabs_[index];
    auto end = slab.offset + slab.size;
    auto fits = [&slab, end, this](const parameter_block& block) {
      return (end - block.offset) * sizeof(float) <= block_bytes_max_ &&
             std::min(block.size, slab.size) * sizeof(float) < small_slab_bytes;
    };
    if (!result.blocks_.empty() && fits(result.blocks_.back())) {
      auto& block = result.blocks_.back();
      block.slab_last = index + 1;
      block.size = end - block.offset;
    } else {
      result.blocks_.push_back({index, index + 1, slab.size, slab.offset});
    }
    slab.block = result.blocks_.size() - 1;
  }
  return result.blocks_.size() < blocks_min ? *this : result;
}

std::span<const tensor_slab> parameter_layout::slabs_of(std::size_t tensor) const {
  return slabs().subspan(first_slabs_[tensor], first_slabs_[tensor + 1] - first_slabs_[tensor]);
}

void initialize(const parameter_layout& layout, std::size_t block, std::uint64_t seed, float* values) {
  const auto& where = layout.blocks()[block];
  std::fill_n(values, where.size, 0.0f);
  for (const auto& slab : layout.slabs().subspan(where.slab_first, where.slab_last - where.slab_first)) {
    const auto& tensor = layout.tensors()[slab.tensor];
    initialize(tensor, seed, slab.row_first * tensor.row_size(), values + (slab.offset - where.offset), slab.size);
  }
}

} // namespace drover

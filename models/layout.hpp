#pragma once

#include "drover/models/tensor.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace drover {

/// A range of whole rows of one tensor: the unit of placement, of versions' payload and of messages' bulk data.
struct parameter_block {
  std::size_t tensor;    ///< index of the tensor it belongs to
  std::size_t row_first; ///< first row of that tensor
  std::size_t rows;      ///< number of rows
  std::size_t size;      ///< floats
  std::size_t offset;    ///< floats from the start of the flat range; a multiple of `alignment`
};

/// How a model's tensors lie in one flat range of floats, and where that range is cut into blocks. Depends on the
/// tensors and the block size alone, never on the number of shards, so that re-sharding cannot change an order of
/// arithmetic. Immutable; may be read from any thread.
class parameter_layout {
public:
  /// Blocks start at multiples of so many floats (64 bytes).
  static constexpr std::size_t alignment = 16;

  /// Throws std::invalid_argument with a sentence for: no tensors, a repeated or empty name, an extent of 0, a block
  /// above 512 MiB (what one Cap'n Proto `Data` holds).
  explicit parameter_layout(std::vector<tensor_spec> tensors, std::size_t block_bytes_max = 1u << 20);

  [[nodiscard]] std::span<const tensor_spec> tensors() const { return tensors_; }
  [[nodiscard]] std::span<const parameter_block> blocks() const { return blocks_; }
  /// Indices [first, last) into `blocks()` of one tensor's blocks, in row order.
  struct block_range {
    std::size_t first;
    std::size_t last;
  };
  [[nodiscard]] block_range blocks_of(std::size_t tensor) const { return ranges_[tensor]; }
  /// Floats in the flat range, padding between blocks included; a multiple of `alignment`.
  [[nodiscard]] std::size_t flat_size() const { return flat_size_; }
  /// Parameters, without padding.
  [[nodiscard]] std::size_t parameters() const { return parameters_; }

private:
  std::vector<tensor_spec> tensors_;
  std::vector<parameter_block> blocks_;
  std::vector<block_range> ranges_;
  std::size_t flat_size_ = 0;
  std::size_t parameters_ = 0;
};

} // namespace drover

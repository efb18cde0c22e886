#pragma once

#include "drover/models/tensor.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// A range of whole rows of one tensor that lie together.
struct tensor_slab {
  std::size_t tensor;    ///< index of the tensor it belongs to
  std::size_t row_first; ///< first row of that tensor
  std::size_t rows;      ///< number of rows
  std::size_t size;      ///< floats
  std::size_t offset;    ///< floats from the start of the flat range; a multiple of `alignment`
  std::size_t block;     ///< index of the block that it lies in
};

/// A range of slabs: the unit of placement, of versions' payload and of messages' bulk data.
struct parameter_block {
  std::size_t slab_first; ///< slabs [slab_first, slab_last)
  std::size_t slab_last;
  std::size_t size;   ///< floats, padding between its slabs included
  std::size_t offset; ///< floats from the start of the flat range; a multiple of `alignment`
};

/// A tensor that is kept as a sparse table: its rows lie wherever their shard has them, found by key, the row's index
/// in the tensor. Who needs a row has it by itself; rows that nobody ever changed need not be kept.
struct table_spec {
  std::size_t tensor;    ///< index of the tensor
  std::size_t key_space; ///< tables whose rows belong to the same features, users or items have one; counted from 0
  std::uint64_t rows;    ///< keys are 0 … rows - 1
  std::size_t width;     ///< floats a row
};

/// How a model's tensors lie in one flat range of floats, where they are cut into slabs, and which slabs make a block.
/// Slabs depend on the tensors and the block size alone, never on the number of shards, so that re-sharding cannot
/// change an order of arithmetic. Immutable; may be read from any thread.
class parameter_layout {
public:
  /// Slabs start at multiples of so many floats (64 bytes).
  static constexpr std::size_t alignment = 16;

  /// Of no tensors.
  parameter_layout() = default;

  /// Each slab is a block. Throws std::invalid_argument with a sentence for: no tensors, a repeated or empty name, an
  /// extent of 0, a slab above 512 MiB (what one Cap'n Proto `Data` holds).
  explicit parameter_layout(std::vector<tensor_spec> tensors, std::size_t block_bytes_max = 1u << 20);

  /// The same, with sparse tables of the tensors whose rows belong to somebody (`tensor_spec::rows_of`). They have no
  /// slabs and are no part of the flat range.
  [[nodiscard]] static parameter_layout with_tables(std::vector<tensor_spec> tensors,
                                                    std::size_t block_bytes_max = 1u << 20);

  /// The same tensors without tables.
  [[nodiscard]] parameter_layout dense() const { return {tensors_, block_bytes_max_, false}; }

  /// The same slabs, with small ones (biases, say) in the block of a neighbour: a block costs some microseconds
  /// whatever its size. The same layout where that would leave fewer than `blocks_min` blocks.
  [[nodiscard]] parameter_layout joined(std::size_t blocks_min) const;

  [[nodiscard]] std::span<const tensor_spec> tensors() const { return tensors_; }
  [[nodiscard]] std::span<const table_spec> tables() const { return tables_; }
  [[nodiscard]] std::size_t key_spaces() const { return key_spaces_; }
  [[nodiscard]] std::span<const tensor_slab> slabs() const { return slabs_; }
  [[nodiscard]] std::span<const parameter_block> blocks() const { return blocks_; }
  /// One tensor's slabs, in row order; none of a table.
  [[nodiscard]] std::span<const tensor_slab> slabs_of(std::size_t tensor) const;
  /// Floats in the flat range, padding between slabs included; a multiple of `alignment`.
  [[nodiscard]] std::size_t flat_size() const { return flat_size_; }
  /// Above that a tensor is cut, where its rows allow that.
  [[nodiscard]] std::size_t block_bytes_max() const { return block_bytes_max_; }
  /// Parameters, those of tables included, without padding.
  [[nodiscard]] std::size_t parameters() const { return parameters_; }

private:
  parameter_layout(std::vector<tensor_spec> tensors, std::size_t block_bytes_max, bool has_tables);
  void add_table(std::size_t tensor);

  std::vector<tensor_spec> tensors_;
  std::size_t block_bytes_max_ = 0;
  std::vector<table_spec> tables_;
  std::size_t key_spaces_ = 0;
  std::vector<tensor_slab> slabs_;
  std::vector<parameter_block> blocks_;
  std::vector<std::size_t> first_slabs_{0}; ///< of each tensor, and the end
  std::size_t flat_size_ = 0;
  std::size_t parameters_ = 0;
};

/// Writes the initial values of one block, padding 0, to `values`: `layout.blocks()[block].size` floats.
void initialize(const parameter_layout& layout, std::size_t block, std::uint64_t seed, float* values);

} // namespace drover

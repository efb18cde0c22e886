#pragma once

#include "drover/actors/core/compensation.hpp"
#include "drover/actors/core/lent_memory.hpp"
#include "drover/gpu/device.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/models/layout.hpp"
#include "drover/models/rules/update_rule.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// Parameters that are lent to a reader: who holds this may read, and what is read never changes.
using lent_block = std::shared_ptr<const float>;

/// The parameters of one shard, with the state of its update rule. Owned by one thread; what it lends may be read and
/// let go in any other.
class block_store {
public:
  /// `blocks`: indices into the layout. Parameters get their initial values for `seed`. `device` reads host
  /// memory.
  block_store(const parameter_layout& layout, std::vector<std::uint32_t> blocks, std::uint64_t seed,
              const update_rule& rule, const compensation& compensate, gpu::device& device);
  ~block_store();
  block_store(const block_store&) = delete;
  block_store& operator=(const block_store&) = delete;

  /// Number of blocks. Below, a block is named by its position here, 0 … size() - 1.
  [[nodiscard]] std::size_t size() const { return indices_.size(); }
  /// Its index in the layout, and the reverse: size() where the block is not here.
  [[nodiscard]] std::uint32_t index(std::size_t position) const { return indices_[position]; }
  [[nodiscard]] std::size_t position(std::uint32_t index) const;
  [[nodiscard]] std::size_t parameters() const { return parameters_; }
  /// Floats of block `position`.
  [[nodiscard]] std::size_t length(std::size_t position) const;

  /// The block as it is now, without a copy.
  [[nodiscard]] lent_block lend(std::size_t position);

  /// All blocks, for workers to change them in place. Who does that applies no update here, and takes copies for
  /// readers.
  [[nodiscard]] std::vector<lent_place> lend_in_place();
  /// The block as it is now, in memory of its own. Each float was there at some moment of the copy.
  [[nodiscard]] lent_block copy(std::size_t position);

  /// One update of a block. Where a reader still holds it, the result is written to other memory and the reader's stays
  /// as it is (copy-on-write, in the update's own pass). `backup` is what the gradient was computed from; read only
  /// where the compensation needs it.
  void apply(std::size_t position, std::span<const float> gradient, std::span<const float> backup, float learning_rate);

  /// One update with the mean of several gradients, summed in the order given.
  void apply_mean(std::size_t position, std::span<const float* const> gradients, float learning_rate);

  /// Updates that went to other memory because of a reader.
  [[nodiscard]] std::uint64_t renewed() const { return renewed_; }

  // What one has to know to go on where another stopped.
  /// Parameters, state of the update rule, state of the compensation. Write only before anything is lent.
  [[nodiscard]] std::array<std::span<const float>, 3> contents(std::size_t position) const;
  [[nodiscard]] std::array<std::span<float>, 3> contents(std::size_t position);
  [[nodiscard]] std::uint64_t updates(std::size_t position) const { return blocks_[position].updates; }
  void set_updates(std::size_t position, std::uint64_t count) { blocks_[position].updates = count; }
  void set_renewed(std::uint64_t count) { renewed_ = count; }

private:
  struct cell;
  struct block {
    std::shared_ptr<cell> values;
    std::shared_ptr<std::vector<float>> rule_state;
    std::vector<float> compensation_state;
    std::uint64_t updates = 0;
  };

  const update_rule& rule_;
  const compensation& compensation_;
  gpu::device& device_;
  std::unique_ptr<gpu::stream> stream_;
  std::vector<std::uint32_t> indices_;
  std::vector<block> blocks_;
  std::vector<float> corrected_; ///< scratch for a compensated gradient
  std::vector<float> mean_;      ///< scratch for a mean of gradients
  bulk_pool pool_;
  std::size_t parameters_ = 0;
  std::uint64_t renewed_ = 0;
};

} // namespace drover

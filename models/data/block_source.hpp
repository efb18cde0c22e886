#pragma once

#include "drover/models/data/rating_blocks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace drover {

/// A worker's batches where each is a block of ratings: those of its own part of the users. Serves one thread.
class block_source {
public:
  /// `blocks`: of `data`, shared with the other workers of a process.
  block_source(std::shared_ptr<const dataset> data, std::shared_ptr<const rating_blocks> blocks, std::uint64_t seed,
               std::size_t user_part);

  /// All ratings of a part of the items, in an order that is drawn from (seed, round, block); valid until the next
  /// call. There may be none.
  [[nodiscard]] batch at(std::size_t item_part, std::uint64_t round);

private:
  std::shared_ptr<const dataset> data_;
  std::shared_ptr<const rating_blocks> blocks_;
  std::uint64_t seed_;
  std::size_t user_part_;
  std::vector<std::uint32_t> places_;
};

} // namespace drover

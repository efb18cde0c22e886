#pragma once

#include "drover/models/compact_batch.hpp"
#include "drover/models/data/batch_source.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace drover {

/// A worker's batches, with the rows of sparse tables that each of them needs.
class listed_batches {
public:
  listed_batches(batch_source batches, std::shared_ptr<const parameter_layout> layout)
      : batches_(std::move(batches)), layout_(std::move(layout)) {}

  /// The rows that step `clock` needs, one list a key space. Keeps its samples until they are taken, with those of one
  /// other step at most: with prefetch a step is listed before the one before it is computed.
  [[nodiscard]] std::vector<row_keys> list(std::uint64_t clock, const slice_lease& lease);

  /// The samples of a step, those of tables' rows numbered anew.
  [[nodiscard]] compact_batch take(std::uint64_t clock, const slice_lease& lease);

  /// The samples of a step as they are; valid until the next call of any of these.
  [[nodiscard]] batch at(std::uint64_t clock, const slice_lease& lease) { return batches_.at(clock, lease); }

private:
  batch_source batches_;
  std::shared_ptr<const parameter_layout> layout_;
  std::map<std::uint64_t, compact_batch> listed_;
};

} // namespace drover

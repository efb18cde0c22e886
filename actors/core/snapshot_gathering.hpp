#pragma once

#include "drover/actors/core/snapshot.hpp"
#include "drover/actors/core/training_plan.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/messages/training.capnp.h"

#include <cstdint>
#include <memory>
#include <set>
#include <vector>

namespace drover {

/// The answers of all shards to one TakeSnapshot, as far as they are there. Rows of sparse tables become tensors as
/// those of other models: what no shard has is as it began.
class snapshot_gathering {
public:
  snapshot_gathering(const training_plan& plan, std::uint64_t request);

  /// Takes one shard's answer. An answer to another request, or a second one, is ignored. Throws protocol_error for
  /// blocks that are not the shard's.
  void take(const message<messages::SnapshotTaken>& answer, const training_plan& plan);

  [[nodiscard]] bool complete() const { return missing_.empty(); }
  /// Shards that have not answered.
  [[nodiscard]] const std::set<std::uint32_t>& missing() const { return missing_; }
  /// What came together; once, when complete.
  [[nodiscard]] model_snapshot finish(const training_plan& plan);

private:
  void take_rows(capnp::List<messages::Rows>::Reader rows, std::uint32_t shard, const training_plan& plan);

  std::uint64_t request_;
  std::shared_ptr<bulk> whole_; ///< where there are tables: all parameters
  std::vector<const float*> blocks_;
  std::vector<std::shared_ptr<const void>> owners_;
  std::set<std::uint32_t> missing_;
};

} // namespace drover

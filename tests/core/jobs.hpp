#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/messages/membership.capnp.h"
#include "drover/messages/training.capnp.h"

#include <cstdint>
#include <string>
#include <vector>

namespace drover::test {

/// The fields of a job that tests of the cores turn.
struct small_job {
  std::string consistency = "asp";
  messages::Compensation compensation = messages::Compensation::NONE;
  messages::Optimizer optimizer = messages::Optimizer::SGD;
  double learning_rate = 0.1;
  std::uint32_t workers = 1;
  std::uint32_t shards = 1;
  std::uint32_t epochs = 1;
  std::uint32_t push_credits = 2;
  bool prefetch = false;
  double stall_seconds = 60;
  double silence_seconds = 60;
  bool tables = false; ///< tensors whose rows belong to somebody are sparse tables
  std::uint32_t admit_after = 1;
  std::uint64_t table_bytes = 0;
  std::string table_consistency = {};
};

/// Tensors of the given sizes, starting at 0; each is a block.
[[nodiscard]] std::vector<tensor_spec> tensors_of(const std::vector<std::size_t>& sizes);

[[nodiscard]] training_plan plan_of(const small_job& job, std::vector<tensor_spec> tensors,
                                    std::uint64_t steps_per_epoch);

/// What a coordinator assigns a shard in such a plan, with workers 0 … workers - 1 as members.
[[nodiscard]] message<messages::HostShard> assignment_of(const training_plan& plan, std::uint32_t shard = 0);

[[nodiscard]] message<messages::PullParameters> pull_of(std::uint32_t worker, std::uint64_t clock,
                                                        std::uint64_t epoch = 1);

/// A push for shard 0 of a plan with one shard: every block filled with `value`.
struct push_fields {
  std::uint32_t worker = 0;
  std::uint64_t sequence = 1;
  std::uint64_t clock = 0;
  std::uint64_t version = 0;
  std::uint64_t epoch = 1;
  float value = 1;
};
[[nodiscard]] message<messages::PushGradient> push_of(const training_plan& plan, const push_fields& fields);

[[nodiscard]] message<messages::ChangeMembership> membership_of(std::uint64_t epoch,
                                                                const std::vector<std::uint32_t>& members,
                                                                std::uint64_t clock = 0, std::uint64_t joined = 1);

} // namespace drover::test

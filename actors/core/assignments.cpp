#include "drover/actors/core/assignments.hpp"

#include "drover/actors/core/consistency.hpp"

namespace drover {

message<messages::HostShard> assign_shard(const training_plan& plan, const membership& members, std::uint32_t shard) {
  message_builder<messages::HostShard> assignment;
  assignment->setJob(*plan.job.read());
  assignment->setShard(shard);
  auto blocks = plan.blocks_of(shard);
  assignment->setBlocks({blocks.data(), blocks.size()});
  assignment->setStepsPerWorker(plan.steps);
  assignment->setStepsPerEpoch(plan.steps_per_epoch);
  fill(assignment->initMembership(), members);
  return assignment.finish();
}

message<messages::StartWorker> assign_worker(const training_plan& plan, const membership& members,
                                             std::uint32_t worker) {
  const auto& one = *members.find(worker);
  message_builder<messages::StartWorker> assignment;
  assignment->setJob(*plan.job.read());
  assignment->setWorker(worker);
  assignment->setEpoch(one.joined);
  assignment->setLife(one.life);
  assignment->setShardOfBlock({plan.shard_of_block.data(), plan.shard_of_block.size()});
  assignment->setStepFirst(one.clock);
  assignment->setSteps(plan.steps);
  assignment->setStepsPerEpoch(plan.steps_per_epoch);
  assignment->setPushCredits(plan.job.read()->getPushCredits());
  return assignment.finish();
}

bool passes_columns(const training_plan& plan) {
  return make_consistency(consistency_mode::parse(plan.job.read()->getConsistency().cStr()))->by_columns();
}

message<messages::ChangeMembership> change_to(const membership& members) {
  message_builder<messages::ChangeMembership> change;
  fill(change.root(), members);
  return change.finish();
}

} // namespace drover

#include "drover/actors/core/assignments.hpp"

namespace drover {

namespace {

void fill(messages::ChangeMembership::Builder change, const job_members& members) {
  change.setEpoch(members.epoch);
  auto list = change.initMembers(static_cast<unsigned>(members.workers.size()));
  unsigned i = 0;
  for (auto worker : members.workers)
    list[i++].setWorker(worker); // clock 0: nobody joins later yet
}

} // namespace

bool job_members::remove(std::uint32_t worker) {
  if (workers.erase(worker) == 0)
    return false;
  ++epoch;
  return true;
}

message<messages::HostShard> assign_shard(const training_plan& plan, const job_members& members, std::uint32_t shard) {
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

message<messages::StartWorker> assign_worker(const training_plan& plan, const job_members& members,
                                             std::uint32_t worker) {
  message_builder<messages::StartWorker> assignment;
  assignment->setJob(*plan.job.read());
  assignment->setWorker(worker);
  assignment->setEpoch(members.epoch);
  assignment->setShardOfBlock({plan.shard_of_block.data(), plan.shard_of_block.size()});
  assignment->setStepFirst(0);
  assignment->setSteps(plan.steps);
  assignment->setStepsPerEpoch(plan.steps_per_epoch);
  assignment->setPushCredits(plan.job.read()->getPushCredits());
  return assignment.finish();
}

message<messages::ChangeMembership> membership_of(const job_members& members) {
  message_builder<messages::ChangeMembership> change;
  fill(change.root(), members);
  return change.finish();
}

} // namespace drover

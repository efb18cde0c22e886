#include "tests/core/jobs.hpp"

#include <algorithm>

namespace drover::test {

std::vector<tensor_spec> tensors_of(const std::vector<std::size_t>& sizes) {
  std::vector<tensor_spec> result;
  for (auto size : sizes)
    result.push_back({.name = "tensor" + std::to_string(result.size()), .shape = {size}, .init = {}});
  return result;
}

training_plan plan_of(const small_job& job, std::vector<tensor_spec> tensors, std::uint64_t steps_per_epoch) {
  message_builder<messages::Job> fields;
  fields->setConsistency(job.consistency);
  fields->setCompensation(job.compensation);
  fields->setCompensationLambda(0.04);
  fields->setOptimizer(job.optimizer);
  fields->setLearningRate(job.learning_rate);
  fields->setWorkers(job.workers);
  fields->setShards(job.shards);
  fields->setEpochs(job.epochs);
  fields->setPushCredits(job.push_credits);
  fields->setPrefetch(job.prefetch);
  fields->setStallSeconds(job.stall_seconds);
  fields->setSilenceSeconds(job.silence_seconds);
  fields->setAdmitAfter(job.admit_after);
  fields->setTableBytes(job.table_bytes);
  fields->setTableConsistency(job.table_consistency);
  auto complete = fields.finish();
  auto layout = job.tables ? parameter_layout::with_tables(std::move(tensors)) : parameter_layout(std::move(tensors));
  return training_plan::of(*complete.read(), std::make_shared<parameter_layout>(std::move(layout)), steps_per_epoch);
}

namespace {

void fill(messages::ChangeMembership::Builder change, std::uint64_t epoch, const std::vector<std::uint32_t>& members,
          std::uint64_t clock, std::uint64_t joined) {
  change.setEpoch(epoch);
  auto list = change.initMembers(static_cast<unsigned>(members.size()));
  for (unsigned i = 0; i < members.size(); ++i) {
    list[i].setWorker(members[i]);
    list[i].setClock(clock);
    list[i].setJoined(joined);
  }
}

} // namespace

message<messages::ChangeMembership> membership_of(std::uint64_t epoch, const std::vector<std::uint32_t>& members,
                                                  std::uint64_t clock, std::uint64_t joined) {
  message_builder<messages::ChangeMembership> change;
  fill(change.root(), epoch, members, clock, joined);
  return change.finish();
}

message<messages::HostShard> assignment_of(const training_plan& plan, std::uint32_t shard) {
  message_builder<messages::HostShard> assignment;
  assignment->setJob(*plan.job.read());
  assignment->setShard(shard);
  auto blocks = plan.blocks_of(shard);
  assignment->setBlocks({blocks.data(), blocks.size()});
  assignment->setStepsPerWorker(plan.steps);
  assignment->setStepsPerEpoch(plan.steps_per_epoch);
  std::vector<std::uint32_t> members;
  for (std::uint32_t worker = 0; worker < plan.job.read()->getWorkers(); ++worker)
    members.push_back(worker);
  fill(assignment->initMembership(), 1, members, 0, 1);
  return assignment.finish();
}

message<messages::PullParameters> pull_of(std::uint32_t worker, std::uint64_t clock, std::uint64_t epoch) {
  message_builder<messages::PullParameters> pull;
  pull->setWorker(worker);
  pull->setEpoch(epoch);
  pull->setClock(clock);
  return pull.finish();
}

message<messages::PushGradient> push_of(const training_plan& plan, const push_fields& fields) {
  message_builder<messages::PushGradient> push;
  push->setWorker(fields.worker);
  push->setEpoch(fields.epoch);
  push->setSequence(fields.sequence);
  push->setClock(fields.clock);
  push->setVersion(fields.version);
  auto memory = std::make_shared<bulk>(plan.layout->flat_size());
  std::ranges::fill(memory->values(), fields.value);
  auto blocks = push->initBlocks(static_cast<unsigned>(plan.layout->blocks().size()));
  for (unsigned i = 0; i < blocks.size(); ++i) {
    const auto& where = plan.layout->blocks()[i];
    blocks[i].setIndex(i);
    blocks[i].adoptValues(
        push.refer(std::span<const float>{memory->values()}.subspan(where.offset, where.size), memory));
  }
  return push.finish();
}

} // namespace drover::test

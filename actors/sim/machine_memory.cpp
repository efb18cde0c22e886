#include "drover/actors/sim/machine_memory.hpp"

#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/printable.hpp"

#include <stdexcept>
#include <string>

namespace drover::sim {

namespace {

struct load {
  std::uint32_t shards = 0;
  std::uint32_t workers = 0;
  std::uint64_t shard_bytes = 0;
};

std::string counted(std::uint32_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

} // namespace

member_memory member_memory::of(const training_plan& plan) {
  auto job = plan.job.read();
  auto slots = job_rules::of(*job, plan.steps, plan.steps_per_epoch).rule->state_slots();
  member_memory result;
  result.shards.resize(job->getShards());
  std::uint64_t parameters = 0;
  for (std::size_t block = 0; block < plan.shard_of_block.size(); ++block) {
    auto bytes = std::uint64_t{plan.layout->blocks()[block].size} * sizeof(float);
    result.shards.at(plan.shard_of_block[block]) += bytes * (1 + slots);
    parameters += bytes;
  }
  for (const auto& table : plan.layout->tables()) // where all rows are used
    for (auto& shard : result.shards)
      shard += table.rows * table.width * sizeof(float) * (1 + slots) / result.shards.size();
  result.worker = parameters * (2 + std::uint64_t{job->getPushCredits()});
  return result;
}

void check_memory(const cluster& on, const member_machines& places, const training_plan& plan) {
  auto each = member_memory::of(plan);
  std::vector<load> loads(on.machines().size());
  for (std::size_t shard = 0; shard < places.shards.size(); ++shard) {
    auto& one = loads[places.shards[shard]];
    ++one.shards;
    one.shard_bytes += each.shards[shard];
  }
  for (auto machine : places.workers)
    ++loads[machine].workers;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const auto& [shards, workers, shard_bytes] = loads[i];
    auto worker_bytes = workers * each.worker;
    const auto& machine = on.machines()[i];
    if (shard_bytes + worker_bytes > machine.memory_bytes)
      throw std::invalid_argument(
          on.place_of(machine) + ".memoryBytes is " + std::to_string(machine.memory_bytes) + ", and " +
          printable(machine.name) + " may hold " + std::to_string(shard_bytes + worker_bytes) + ": " +
          std::to_string(shard_bytes) + " for parameters and optimizer state of " + counted(shards, "shard") + " and " +
          std::to_string(worker_bytes) + " for parameters and gradients of " + counted(workers, "worker"));
  }
}

} // namespace drover::sim

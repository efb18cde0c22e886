#include "drover/actors/sim/hunted_world.hpp"

#include "drover/actors/sim/assign_members.hpp"
#include "drover/actors/sim/hunted_cluster.hpp"
#include "drover/actors/sim/hunted_draws.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace drover::sim {

namespace {

// Workers repeat what is lost after at most a minute, and lose up to a fifth of it or of its answers again. A silent
// worker is given up long before.
constexpr double deadline_seconds = 400;

// Most worlds are over after a few seconds.
constexpr double stop_max_seconds = 4;

// A short limit is longer than any step of a calm world, even of a straggler that shares its processor, and much
// shorter than a lost message may take to be repeated.
constexpr double stall_min_seconds = 10;
constexpr double stall_max_seconds = 40;
// As good as none: the progress checker is stricter.
constexpr double no_stall_seconds = 1e6;

void draw_job(hunted_draws draws, messages::Job::Builder job) {
  constexpr messages::Optimizer rules[]{messages::Optimizer::SGD, messages::Optimizer::MOMENTUM,
                                        messages::Optimizer::ADAM};
  constexpr messages::Compensation compensations[]{
      messages::Compensation::NONE, messages::Compensation::STALENESS_AWARE, messages::Compensation::DC_ASGD,
      messages::Compensation::DC_ASGD_ADAPTIVE};
  auto mode = draws.whole(0, 5);
  auto is_bsp = mode == 0;
  job.setConsistency(is_bsp ? "bsp" : mode == 1 ? "asp" : "ssp:" + std::to_string(draws.whole(0, 4)));
  job.setOptimizer(draws.one_of(rules));
  job.setLearningRate(0.05);
  if (!is_bsp) {
    job.setCompensation(draws.one_of(compensations));
    job.setCompensationLambda(0.04);
    job.setPrefetch(draws.chance(0.5));
  }
  job.setWorkers(static_cast<std::uint32_t>(draws.whole(1, 6)));
  job.setShards(static_cast<std::uint32_t>(draws.whole(1, 3)));
  job.setEpochs(static_cast<std::uint32_t>(draws.whole(1, 3)));
  job.setPushCredits(static_cast<std::uint32_t>(draws.whole(1, 4)));
  job.setSilenceSeconds(3);
  job.setSeed(draws.whole(1, 1000));
}

std::vector<tensor_spec> tensors() {
  std::vector<tensor_spec> result;
  for (std::size_t size : {3, 8, 5})
    result.push_back({.name = "tensor" + std::to_string(result.size()), .shape = {size}, .init = {}});
  return result;
}

/// Machines that die for good, and when first.
std::map<std::uint32_t, nanoseconds> deaths_of(const cluster& on) {
  std::map<std::uint32_t, nanoseconds> result;
  for (const auto& one : on.faults())
    if (one.kind == messages::FaultKind::CRASH)
      for (auto machine : one.machines) {
        auto [death, is_new] = result.try_emplace(machine, one.at);
        death->second = std::min(death->second, one.at);
      }
  return result;
}

} // namespace

hunted_world hunted_world::draw(std::uint64_t seed, bool swarm) {
  message_builder<messages::Job> job;
  draw_job({seed, "hunt job", swarm}, job.root());
  auto drawn = hunted_cluster::draw(seed, swarm, job.root().asReader());
  hunted_draws ends{seed, "hunt end", swarm};

  auto deaths = deaths_of(drawn.on);
  auto places = assign_members(drawn.on, job->getWorkers(), job->getShards());
  std::map<std::uint32_t, nanoseconds> shard_deaths;
  for (std::uint32_t shard = 0; shard < places.shards.size(); ++shard)
    if (auto death = deaths.find(places.shards[shard]); death != deaths.end())
      shard_deaths.insert({shard, death->second});
  auto all_workers_die = std::ranges::all_of(places.workers, [&](auto machine) { return deaths.contains(machine); });
  // Only a complaint ends a job that cannot go on.
  auto is_doomed = all_workers_die || !shard_deaths.empty();
  auto is_impatient = ends.chance(0.3) || is_doomed;
  job->setStallSeconds(is_impatient ? ends.between(stall_min_seconds, stall_max_seconds) : no_stall_seconds);
  std::optional<nanoseconds> stop;
  if (ends.chance(0.2))
    stop = from_seconds(ends.between(0.0, stop_max_seconds));

  auto steps = ends.whole(3, 22);
  return {.plan = training_plan::of(job.root().asReader(), std::make_shared<parameter_layout>(tensors()), steps),
          .on = std::move(drawn.on),
          .faults_end = drawn.faults_end,
          .deadline = from_seconds(deadline_seconds),
          .stop = stop,
          .shard_deaths = std::move(shard_deaths),
          .may_stall = is_doomed || (is_impatient && !drawn.is_calm)};
}

} // namespace drover::sim

#include "drover/actors/sim/hunted_world.hpp"

#include "drover/actors/core/compensation.hpp"
#include "drover/actors/core/placement.hpp"
#include "drover/actors/sim/assign_members.hpp"
#include "drover/actors/sim/hunted_cluster.hpp"
#include "drover/actors/sim/hunted_draws.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace drover::sim {

namespace {

// Workers repeat what is lost after at most a minute, and lose up to a fifth of it or of its answers again. A silent
// worker is given up long before.
constexpr double deadline_seconds = 400;

// Most worlds are over after a few seconds.
constexpr double stop_max_seconds = 4;
constexpr double moves_end_seconds = 2;
constexpr double copy_seconds_max = 3;
// A silence may be 5 to 20 of them.
constexpr double look_interval_min_seconds = 0.02;
constexpr double look_interval_max_seconds = 1;
constexpr double coordinator_deaths_end_seconds = 3;
// Of one that asks where shards stand, tells them who is a member, or starts workers.
constexpr double early_death_seconds = 0.3;

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

// In half of the worlds some tensors are sparse tables, two of them with the same keys, and there may be no others.
parameter_layout draw_layout(hunted_draws draws, messages::Job::Builder job) {
  std::vector<tensor_spec> tensors;
  for (std::size_t size : {3, 8, 5})
    tensors.push_back({.name = "tensor" + std::to_string(tensors.size()), .shape = {size}, .init = {}});
  auto keeps_readings = make_compensation(job.getCompensation(), 0)->needs_backup();
  if (keeps_readings || !draws.wanted() || !draws.chance(0.5))
    return parameter_layout{std::move(tensors)};
  if (draws.chance(0.3))
    tensors.clear();
  if (std::string_view{job.getConsistency().cStr()} == "bsp" && draws.chance(0.5))
    job.setTableConsistency("asp");
  const initializer drawn{initializer::kind::normal, 1.0f};
  tensors.push_back({"table0", {20, 3}, drawn, true, row_owner::user});
  tensors.push_back({"table1", {20}, {}, true, row_owner::user});
  tensors.push_back({"table2", {7, 2}, drawn, true, row_owner::item});
  return parameter_layout::with_tables(std::move(tensors));
}

replacement draw_places(hunted_draws draws, messages::Job::Reader job) {
  replacement result;
  result.is_on = draws.chance(0.4) && !takes_turns(job);
  if (!result.is_on)
    return result;
  result.delay_max = from_seconds(draws.between(0.0, 2.0));
  result.missing = draws.wanted() ? draws.between(0.0, 0.7) : 0.0;
  result.untold = draws.wanted() ? draws.between(0.0, 1.0) : 0.0;
  if (draws.wanted() && draws.chance(0.7))
    result.look_interval = from_seconds(draws.between(look_interval_min_seconds, look_interval_max_seconds));
  if (draws.wanted() && draws.chance(0.4))
    for (auto count = draws.whole(1, 3); count > 0; --count) {
      auto at = from_seconds(draws.between(0.0, moves_end_seconds));
      result.moves.push_back({at, static_cast<std::uint32_t>(draws.whole(0, job.getWorkers() - 1))});
    }
  return result;
}

/// Machines that nothing takes down.
std::vector<std::uint32_t> safe_machines(const cluster& on) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t machine = 0; machine < on.machines().size(); ++machine)
    if (std::ranges::none_of(on.faults(), [machine](const auto& fault) {
          auto takes_down =
              fault.kind == messages::FaultKind::CRASH || fault.kind == messages::FaultKind::CRASH_AND_RESTART;
          return takes_down && std::ranges::find(fault.machines, machine) != fault.machines.end();
        }))
      result.push_back(machine);
  return result;
}

/// Between machines that nothing takes down: when a shard dies is known then.
std::vector<replacement::shard_move> draw_shard_moves(hunted_draws draws, const cluster& on,
                                                      const std::vector<std::uint32_t>& shards) {
  std::vector<replacement::shard_move> result;
  auto safe = safe_machines(on);
  if (!draws.wanted() || !draws.chance(0.5) || safe.empty())
    return result;
  for (auto count = draws.whole(1, 4); count > 0; --count) {
    auto shard = static_cast<std::uint32_t>(draws.whole(0, shards.size() - 1));
    auto at = from_seconds(draws.between(0.0, moves_end_seconds));
    auto takes = from_seconds(draws.between(0.0, copy_seconds_max));
    auto to = safe[draws.whole(0, safe.size() - 1)];
    auto fails = draws.chance(0.2);
    if (std::ranges::find(safe, shards[shard]) != safe.end())
      result.push_back({.at = at, .shard = shard, .machine = to, .takes = takes, .fails = fails});
  }
  return result;
}

/// Some coordinators die while the job trains, some while they take it over.
std::vector<replacement::takeover> draw_takeovers(hunted_draws draws) {
  std::vector<replacement::takeover> result;
  if (!draws.wanted() || !draws.chance(0.5))
    return result;
  for (auto count = draws.whole(1, 3); count > 0; --count) {
    auto is_early = !result.empty() && draws.chance(0.5);
    auto dies_after = draws.between(0.0, is_early ? early_death_seconds : coordinator_deaths_end_seconds);
    auto begins_after = draws.between(0.0, draws.chance(0.5) ? 0.2 : 5.0);
    result.push_back({from_seconds(dies_after), from_seconds(begins_after)});
  }
  return result;
}

/// Where no machine dies, for a shard may go to any.
std::vector<replacement::leaving> draw_leaves(hunted_draws draws, const cluster& on,
                                              const std::vector<std::uint32_t>& shards) {
  std::vector<replacement::leaving> result;
  if (!draws.wanted() || safe_machines(on).size() < on.machines().size())
    return result;
  for (auto count = draws.whole(0, 3); count > 0; --count) {
    auto at = from_seconds(draws.between(0.0, moves_end_seconds));
    auto any = static_cast<std::uint32_t>(draws.whole(0, on.machines().size() - 1));
    result.push_back({at, draws.chance(0.5) ? draws.one_of(shards) : any});
  }
  return result;
}

nanoseconds length_of(const std::vector<replacement::shard_move>& moves) {
  nanoseconds result = 0;
  for (const auto& one : moves)
    result = later(result, one.at + one.takes);
  return result;
}

/// When the last of them is over, where nothing else keeps it waiting.
nanoseconds length_of(const std::vector<replacement::takeover>& takeovers) {
  nanoseconds result = 0;
  for (const auto& one : takeovers)
    result = later(result, one.dies_after + one.begins_after);
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

bool all_places_die(const cluster& on, const std::map<std::uint32_t, nanoseconds>& deaths) {
  for (std::uint32_t machine = 0; machine < on.machines().size(); ++machine)
    if (on.machines()[machine].workers_max > 0 && !deaths.contains(machine))
      return false;
  return true;
}

} // namespace

hunted_world hunted_world::draw(std::uint64_t seed, bool swarm, bool may_be_deathless) {
  message_builder<messages::Job> job;
  draw_job({seed, "hunt job", swarm}, job.root());
  auto places = draw_places({seed, "hunt replacement", swarm}, job.root().asReader());
  if (places.is_on)
    places.takeovers = draw_takeovers({seed, "hunt takeovers", swarm});
  auto is_deathless = may_be_deathless && places.is_on && hunted_draws{seed, "hunt deathless", swarm}.chance(0.2);
  auto drawn = hunted_cluster::draw(seed, swarm, job.root().asReader(), places.is_on, is_deathless);
  hunted_draws ends{seed, "hunt end", swarm};

  auto deaths = deaths_of(drawn.on);
  auto members = assign_members(drawn.on, job->getWorkers(), job->getShards());
  if (places.is_on)
    places.shard_moves = draw_shard_moves({seed, "hunt shard moves", swarm}, drawn.on, members.shards);
  if (places.is_on)
    places.leaves = draw_leaves({seed, "hunt leaves", swarm}, drawn.on, members.shards);
  if (!places.shard_moves.empty() || !places.leaves.empty())
    places.forgotten = hunted_draws{seed, "hunt forgotten shards", swarm}.between(0.0, 1.0);
  std::map<std::uint32_t, nanoseconds> shard_deaths;
  for (std::uint32_t shard = 0; shard < members.shards.size(); ++shard)
    if (auto death = deaths.find(members.shards[shard]); death != deaths.end())
      shard_deaths.insert({shard, death->second});
  auto all_workers_die = places.is_on
                             ? all_places_die(drawn.on, deaths)
                             : std::ranges::all_of(members.workers, [&](auto one) { return deaths.contains(one); });
  // Only a complaint ends a job that cannot go on.
  auto is_doomed = all_workers_die || !shard_deaths.empty();
  auto is_impatient = ends.chance(0.3) || is_doomed;
  job->setStallSeconds(is_impatient ? ends.between(stall_min_seconds, stall_max_seconds) : no_stall_seconds);
  std::optional<nanoseconds> stop;
  if (ends.chance(0.2))
    stop = from_seconds(ends.between(0.0, stop_max_seconds));

  auto moves_end = std::max(length_of(places.takeovers), length_of(places.shard_moves));
  // What is lost by chance is said again soon.
  auto finds_places = places.is_on && drawn.faults_end == 0 && !is_doomed;
  auto steps = ends.whole(3, 22);
  auto layout = std::make_shared<parameter_layout>(draw_layout({seed, "hunt tables", swarm}, job.root()));
  return {.plan = training_plan::of(job.root().asReader(), std::move(layout), steps),
          .on = std::move(drawn.on),
          .faults_end = later(drawn.faults_end, moves_end),
          .deadline = from_seconds(deadline_seconds),
          .stop = stop,
          .shard_deaths = std::move(shard_deaths),
          // Until a worker is missed and replaced takes longer than a short limit.
          .may_stall = is_doomed || (is_impatient && (!drawn.is_calm || places.is_on)),
          .places = std::move(places),
          .finds_places = finds_places};
}

} // namespace drover::sim

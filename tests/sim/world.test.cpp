#include "drover/actors/sim/world.hpp"

#include "drover/actors/sim/quadratic.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace drover;

namespace {

struct simulation {
  simulation(const test::small_job& job, const std::string& workers, std::uint64_t seed, const std::string& faults = "",
             sim::replacement places = {})
      : plan(test::plan_of(job, test::tensors_of({3, 8, 5}), 50)), objective(plan.layout, seed, 0.1f),
        world(plan,
              sim::cluster::from_json("test", R"({"machines": [{"name": "head", "hostsWorkers": false},
          {"name": "worker", "shards": 0, "workers": 1, )" +
                                                  workers + R"(}], "faults": [)" + faults + "]}"),
              objective, seed, std::move(places)) {}

  [[nodiscard]] double seconds() const { return static_cast<double>(world.now()) / 1e9; }
  [[nodiscard]] std::string sentence() const { return world.result().summary.read()->getSentence().cStr(); }
  [[nodiscard]] std::vector<float> parameters() const {
    std::vector<float> result;
    for (std::size_t i = 0; i < plan.layout->blocks().size(); ++i) {
      auto block = world.result().parameters->view().block(i);
      result.insert(result.end(), block.begin(), block.end());
    }
    return result;
  }
  [[nodiscard]] auto outcome() const { return world.result().summary.read()->getOutcome(); }

  training_plan plan;
  sim::quadratic objective;
  sim::world world;
};

/// When one worker starts, and when it is told something.
class lives : public sim::checker {
public:
  explicit lives(std::uint32_t worker) : who_{address::role::worker, worker} {}
  void on_start(sim::nanoseconds now, const address& who) override {
    if (who == who_)
      starts.push_back(static_cast<double>(now) / 1e9);
  }
  void on_deliver(sim::nanoseconds now, const address& to, const protocol_message&) override {
    if (to == who_)
      told.push_back(static_cast<double>(now) / 1e9);
  }
  [[nodiscard]] double first_told_after(double seconds) const { return *std::ranges::lower_bound(told, seconds); }

  std::vector<double> starts;
  std::vector<double> told;

private:
  address who_;
};

/// Who left with how many steps done.
class farewells : public sim::checker {
public:
  void on_deliver(sim::nanoseconds, const address&, const protocol_message& what) override {
    if (const auto* left = std::get_if<message<messages::WorkerLeft>>(&what))
      clocks[left->read()->getWorker()] = left->read()->getClock();
  }

  std::map<std::uint32_t, std::uint64_t> clocks;
};

/// When the coordinator hears that it is to stop.
class requests : public sim::checker {
public:
  void on_stop(sim::nanoseconds now) override { told.push_back(static_cast<double>(now) / 1e9); }

  std::vector<double> told;
};

constexpr auto lognormal = R"("count": 4, "step": {"seconds": 0.01, "distribution": "lognormal"})";
constexpr auto straggler = R"("count": 4, "step": {"seconds": 0.01}, "stragglers": [{"machine": 0, "factor": 4}])";

} // namespace

TEST_CASE("two simulations in one process, taking turns, are each what they are alone") {
  auto alone = [](std::uint64_t seed) {
    simulation one{{.consistency = "ssp:2", .workers = 4}, lognormal, seed};
    REQUIRE(one.world.run(1e6));
    return one.world.fingerprint_value();
  };
  simulation first{{.consistency = "ssp:2", .workers = 4}, lognormal, 1};
  simulation second{{.consistency = "ssp:2", .workers = 4}, lognormal, 2};
  bool over = false;
  for (double until = 0.01; !over; until += 0.01) {
    over = first.world.run(until);
    over = second.world.run(until) && over;
  }
  CHECK(first.world.fingerprint_value() == alone(1));
  CHECK(second.world.fingerprint_value() == alone(2));
  CHECK(alone(1) != alone(2));
}

TEST_CASE("with a worker at a quarter of the speed, bsp takes as long as that worker does") {
  simulation one{{.consistency = "bsp", .workers = 4}, straggler, 1};
  REQUIRE(one.world.run(1e6));
  CHECK(one.seconds() > 50 * 0.04);
  CHECK(one.seconds() < 50 * 0.04 * 1.1);
  CHECK(static_cast<double>(one.world.computed(1)) / 1e9 == doctest::Approx(50 * 0.01));
}

TEST_CASE("a pause makes the step that it interrupts longer by as much") {
  simulation one{{.workers = 1},
                 R"("count": 1, "step": {"seconds": 10})",
                 1,
                 R"({"kind": "pause", "machines": ["worker"], "atSeconds": 2, "seconds": 3})"};
  simulation other{{.workers = 1}, R"("count": 1, "step": {"seconds": 10})", 1};
  REQUIRE(one.world.run(1e6));
  REQUIRE(other.world.run(1e6));
  CHECK(one.seconds() - other.seconds() == doctest::Approx(3).epsilon(0.01));
}

TEST_CASE("ten thousand workers train to the end") {
  auto plan = test::plan_of({.consistency = "ssp:1", .workers = 10'000}, test::tensors_of({3, 8, 5}), 3);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  sim::world world{plan, sim::cluster::preset("10gbe-rack"), objective, 1};
  REQUIRE(world.run(1e6));
  auto summary = world.result().summary.read();
  CHECK(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(summary->getShards()[0].getWorkers().size() == 10'000);
}

TEST_CASE("neither a pause nor waiting for a core counts as computing") {
  simulation paused{{.workers = 1},
                    R"("count": 1, "step": {"seconds": 10})",
                    1,
                    R"({"kind": "pause", "machines": ["worker"], "atSeconds": 2, "seconds": 20})"};
  REQUIRE(paused.world.run(1e6));
  CHECK(static_cast<double>(paused.world.computed(0)) / 1e9 == doctest::Approx(50 * 10));
  auto plan = test::plan_of({.consistency = "asp", .workers = 4}, test::tensors_of({3, 8, 5}), 50);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  sim::world crowded{
      plan, sim::cluster::from_json("test", R"({"machines": [{"name": "one", "cores": 1, "step": {"seconds": 0.1}}]})"),
      objective, 1};
  REQUIRE(crowded.run(1e6));
  CHECK(static_cast<double>(crowded.computed(3)) / static_cast<double>(crowded.now()) <= 0.25);
}

TEST_CASE("a worker that crashes for good is given up, and the others finish") {
  simulation one{{.consistency = "ssp:1", .workers = 4, .silence_seconds = 3},
                 lognormal,
                 1,
                 R"({"kind": "crash", "machines": ["worker-2"], "atSeconds": 0.2})"};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.world.result().summary.read()->getWorkersLost() == 1);
}

TEST_CASE("where workers are replaced, all do all of their steps though a machine dies for good") {
  const test::small_job job{.consistency = "ssp:1", .workers = 4, .silence_seconds = 3};
  constexpr auto death = R"({"kind": "crash", "machines": ["worker-2"], "atSeconds": 0.2})";
  for (double untold : {0.0, 1.0}) {
    simulation one{job, lognormal, 1, death, {.is_on = true, .delay_max = sim::from_seconds(0.1), .untold = untold}};
    lives of_one{2};
    farewells said;
    one.world.watch(of_one);
    one.world.watch(said);
    REQUIRE(one.world.run(1e6));
    CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
    auto summary = one.world.result().summary.read();
    CHECK(summary->getWorkersLost() == 1);
    CHECK(summary->getWorkersJoined() == 1);
    REQUIRE(of_one.starts.size() == 2);
    // Told, or after silence.
    CHECK((of_one.starts[1] < 0.5) == (untold == 0));
    CHECK(said.clocks == std::map<std::uint32_t, std::uint64_t>{{0, 50}, {1, 50}, {2, 50}, {3, 50}});
  }
}

TEST_CASE("a worker whose machine is cut off for long is replaced, and its former process speaks for nobody") {
  simulation one{{.consistency = "bsp", .workers = 4, .silence_seconds = 60},
                 lognormal,
                 1,
                 R"({"kind": "partition", "machines": ["worker-2"], "atSeconds": 0.2, "seconds": 0.3})",
                 {.is_on = true, .look_interval = sim::from_seconds(0.01)}};
  farewells said;
  one.world.watch(said);
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.world.result().summary.read()->getWorkersLost() == 1);
  // When its machine is heard of again, one moves there from the machine that has two.
  CHECK(one.world.result().summary.read()->getWorkersMoved() == 1);
  CHECK(one.world.result().summary.read()->getWorkersJoined() == 2);
  CHECK(said.clocks.size() == 4);
}

TEST_CASE("a worker that is asked to move goes on elsewhere, and where nobody finds places, it stays") {
  for (bool replaces : {true, false}) {
    simulation one{{.consistency = "ssp:1", .workers = 4, .silence_seconds = 60},
                   lognormal,
                   1,
                   "",
                   {.is_on = replaces, .moves = {{sim::from_seconds(0.2), 1}}}};
    lives of_one{1};
    one.world.watch(of_one);
    REQUIRE(one.world.run(1e6));
    CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
    CHECK(one.world.result().summary.read()->getWorkersMoved() == (replaces ? 1 : 0));
    CHECK(of_one.starts.size() == (replaces ? 2 : 1));
  }
}

TEST_CASE("a worker that crashes and comes back joins again") {
  simulation one{{.consistency = "bsp", .workers = 4, .silence_seconds = 3},
                 lognormal,
                 1,
                 R"({"kind": "crashAndRestart", "machines": ["worker-2"], "atSeconds": 0.2, "seconds": 0.1})"};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.world.result().summary.read()->getWorkersJoined() == 1);
}

TEST_CASE(
    "a machine that comes back while it is paused starts its worker when the pause ends, unless it crashes before") {
  constexpr auto twice = R"({"kind": "pause", "machines": ["worker-2"], "atSeconds": 0.15, "seconds": 1},
    {"kind": "crashAndRestart", "machines": ["worker-2"], "atSeconds": 0.1, "seconds": 0.1})";
  const test::small_job job{.consistency = "bsp", .workers = 4, .silence_seconds = 3};
  simulation one{job, lognormal, 1, twice};
  lives of_one{2};
  one.world.watch(of_one);
  REQUIRE(one.world.run(1e6));
  CHECK(of_one.starts == std::vector<double>{0, 1.15});
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);

  simulation other{job, lognormal, 1, std::string{twice} + R"(, {"kind": "crashAndRestart", "machines": ["worker-2"],
    "atSeconds": 0.5, "seconds": 1})"};
  lives of_other{2};
  other.world.watch(of_other);
  REQUIRE(other.world.run(1e6));
  CHECK(of_other.starts == std::vector<double>{0, 1.5});
}

TEST_CASE("a request to stop waits for a coordinator whose machine is paused, as everything does") {
  auto stops = [](const std::string& faults) {
    simulation one{{.consistency = "bsp", .workers = 4, .silence_seconds = 60}, lognormal, 1, faults};
    requests of_one;
    one.world.watch(of_one);
    REQUIRE(!one.world.run(0.2));
    one.world.request_stop();
    REQUIRE(one.world.run(1e6));
    CHECK(one.outcome() == messages::Summary::Outcome::STOPPED);
    return of_one.told;
  };
  auto at_once = stops("");
  REQUIRE(at_once.size() == 1);
  CHECK(at_once[0] <= 0.2);
  CHECK(stops(R"({"kind": "pause", "machines": ["head"], "atSeconds": 0.15, "seconds": 0.75})") ==
        std::vector<double>{0.9});
}

TEST_CASE("a request to stop that waits is gone with the coordinator's machine") {
  simulation one{{.workers = 4, .silence_seconds = 60},
                 lognormal,
                 1,
                 R"({"kind": "pause", "machines": ["head"], "atSeconds": 0.15, "seconds": 1},
    {"kind": "crash", "machines": ["head"], "atSeconds": 0.5})"};
  requests of_one;
  one.world.watch(of_one);
  REQUIRE(!one.world.run(0.2));
  one.world.request_stop();
  CHECK(!one.world.run(1e6));
  CHECK(of_one.told.empty());
  CHECK(!one.world.has_coordinator());
}

TEST_CASE("what reaches a machine that is down is lost, though the machine is paused") {
  // The answers to what the worker asked before it crashed arrive while it is paused and down.
  simulation one{{.workers = 1, .silence_seconds = 3},
                 R"("count": 1, "step": {"seconds": 0.01})",
                 1,
                 R"({"kind": "crashAndRestart", "machines": ["worker"], "atSeconds": 0.1, "seconds": 0.5},
    {"kind": "pause", "machines": ["worker"], "atSeconds": 0.1, "seconds": 1},
    {"kind": "slowLink", "machines": ["worker"], "atSeconds": 0, "seconds": 2, "factor": 1000})"};
  lives of_one{0};
  one.world.watch(of_one);
  REQUIRE(one.world.run(1e6));
  REQUIRE(of_one.starts.size() == 2);
  CHECK(of_one.starts[1] == 1.1);
  CHECK(of_one.first_told_after(1.1) >= 1.2); // asked and answered over a slow link
}

TEST_CASE("unreliable links cost time and no bits, and nothing any more when they are over") {
  const test::small_job job{.consistency = "bsp", .workers = 4, .silence_seconds = 60};
  simulation one{job, lognormal, 1, R"({"kind": "unreliableLink", "machines": ["worker-1", "worker-2"],
    "atSeconds": 0.1, "seconds": 0.5,
    "chances": {"loss": 0.1, "duplicate": 0.3, "reorder": 0.3, "delay": 0.3, "delaySeconds": 0.05}})"};
  simulation other{job, lognormal, 1};
  REQUIRE(!one.world.run(0.7));
  auto then = one.world.traffic();
  CHECK(then.lost > 0);
  CHECK(then.duplicated > 0);
  CHECK(then.reordered > 0);
  CHECK(then.delayed > 0);
  REQUIRE(one.world.run(1e6));
  REQUIRE(other.world.run(1e6));
  const auto& end = one.world.traffic();
  CHECK(end.sent > then.sent);
  CHECK(end.lost + end.duplicated + end.reordered + end.delayed ==
        then.lost + then.duplicated + then.reordered + then.delayed);
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.seconds() > other.seconds());
  CHECK(one.parameters() == other.parameters());
}

TEST_CASE("faults that make progress impossible end with a report of who waits for whom, not in running forever") {
  simulation lost{{.consistency = "ssp:1", .workers = 4, .silence_seconds = 1e5},
                  lognormal,
                  1,
                  R"({"kind": "crash", "machines": ["worker-2"], "atSeconds": 0.2})"};
  REQUIRE(lost.world.run(1e6));
  CHECK(lost.outcome() == messages::Summary::Outcome::FAILED);
  CHECK(lost.sentence().find("until worker 2 completed") != std::string::npos);

  simulation cut{{.consistency = "asp", .workers = 4, .silence_seconds = 1e5},
                 lognormal,
                 1,
                 R"({"kind": "partition", "machines": ["head"], "atSeconds": 0.2, "seconds": 1000000})"};
  REQUIRE(cut.world.run(1e6));
  CHECK(cut.outcome() == messages::Summary::Outcome::FAILED);
  CHECK(cut.sentence().find("nothing progressed") != std::string::npos);
}

TEST_CASE("a farewell that is lost is said again, though what was said before it is answered") {
  auto plan = test::plan_of({.workers = 1, .silence_seconds = 3}, test::tensors_of({3, 8, 5}), 50);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  // When the coordinator wakes, it takes the worker for dead and answers what that said while it trained. Of its end
  // the worker told in vain.
  sim::world world{plan, sim::cluster::from_json("test", R"({"machines": [
      {"name": "head", "shards": 0, "hostsWorkers": false}, {"name": "shard", "hostsWorkers": false},
      {"name": "worker", "shards": 0, "step": {"seconds": 0.1}}],
    "faults": [{"kind": "pause", "machines": ["head"], "atSeconds": 0.2, "seconds": 7.3},
      {"kind": "partition", "machines": ["head"], "atSeconds": 4.5, "seconds": 2.9}]})"),
                   objective, 1};
  REQUIRE(world.run(20));
  CHECK(world.result().summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
}

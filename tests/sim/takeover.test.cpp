#include <doctest/doctest.h>

#include "tests/sim/small_world.hpp"
#include <map>
#include <string>
#include <utility>
#include <vector>

// Coordinators that die, and others that take the job over: four workers with 50 steps of 10 ms each.

using namespace drover;

namespace {

constexpr auto millisecond = test::millisecond;

struct simulation : test::small_world {
  explicit simulation(std::vector<sim::replacement::takeover> takeovers, const std::string& faults = "")
      : small_world({.is_on = true, .delay_max = 100 * millisecond, .takeovers = std::move(takeovers)}, faults) {}
};

/// What coordinators live to see.
class coordinators : public sim::checker {
public:
  void on_start(sim::nanoseconds now, const address& who) override {
    if (who.kind == address::role::coordinator) {
      begun.push_back(now);
      is_there_ = true;
      first_steps.clear();
    }
  }
  void on_crash(sim::nanoseconds now, const address& who) override {
    if (who.kind == address::role::coordinator) {
      died.push_back(now);
      is_there_ = false;
    }
  }
  void on_deliver(sim::nanoseconds, const address& to, const protocol_message&) override {
    if (to.kind == address::role::coordinator && !is_there_)
      ++told_in_vain;
  }
  void on_send(sim::nanoseconds, const address& from, const address&, const protocol_message& what) override {
    if (const auto* pull = std::get_if<message<messages::PullParameters>>(&what); pull != nullptr && !begun.empty())
      first_steps.try_emplace({from.index, pull->read()->getEpoch()}, pull->read()->getClock());
  }

  std::vector<sim::nanoseconds> begun;
  std::vector<sim::nanoseconds> died;
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> first_steps; ///< by worker and life, under the last
  int told_in_vain = 0;

private:
  bool is_there_ = true;
};

} // namespace

TEST_CASE("a coordinator that takes over goes on where the job was, and costs no bits") {
  simulation undisturbed{{}};
  REQUIRE(undisturbed.world.run(1e6));
  simulation one{{{.dies_after = 250 * millisecond, .begins_after = 500 * millisecond}}};
  coordinators seen;
  one.world.watch(seen);
  REQUIRE(one.world.run(1e6));
  CHECK(seen.died == std::vector{250 * millisecond});
  CHECK(seen.begun == std::vector{750 * millisecond});
  CHECK(seen.told_in_vain == 0);
  CHECK(seen.first_steps.size() == 4);
  for (const auto& [ignored, step] : seen.first_steps)
    CHECK(step >= 20);
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.parameters() == undisturbed.parameters());
  // Its time begins anew.
  CHECK(one.world.result().summary.read()->getSeconds() < 0.5);
}

TEST_CASE("a coordinator that dies while it takes over is followed by a third") {
  simulation undisturbed{{}};
  REQUIRE(undisturbed.world.run(1e6));
  for (sim::nanoseconds dies_after = 0; dies_after < millisecond; dies_after += millisecond / 20) {
    simulation one{{{.dies_after = 250 * millisecond, .begins_after = 100 * millisecond},
                    {.dies_after = dies_after, .begins_after = 10 * millisecond}}};
    coordinators seen;
    one.world.watch(seen);
    REQUIRE(one.world.run(1e6));
    CHECK(seen.begun == std::vector{350 * millisecond, 360 * millisecond + dies_after});
    CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
    CHECK(one.parameters() == undisturbed.parameters());
  }
}

TEST_CASE("a coordinator that begins on a paused machine asks when the pause is over") {
  simulation one{{{.dies_after = 250 * millisecond, .begins_after = 100 * millisecond}},
                 R"({"kind": "pause", "machines": ["head"], "atSeconds": 0.2, "seconds": 1})"};
  coordinators seen;
  one.world.watch(seen);
  REQUIRE(one.world.run(1e6));
  CHECK(seen.died == std::vector{250 * millisecond});
  CHECK(seen.begun == std::vector{1200 * millisecond});
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
}

TEST_CASE("a job whose shard is dead keeps its coordinator, and one that takes over without a shard says which") {
  constexpr auto dead_at = R"({"kind": "crash", "machines": ["shard"], "atSeconds": )";
  simulation kept{{{.dies_after = 250 * millisecond, .begins_after = 500 * millisecond}},
                  dead_at + std::string{"0.2}"}};
  simulation taken_over{{{.dies_after = 250 * millisecond, .begins_after = 500 * millisecond}},
                        dead_at + std::string{"0.3}"}};
  coordinators of_kept;
  coordinators of_taken_over;
  kept.world.watch(of_kept);
  taken_over.world.watch(of_taken_over);
  REQUIRE(kept.world.run(1e6));
  REQUIRE(taken_over.world.run(1e6));
  CHECK(of_kept.died.empty());
  CHECK(of_taken_over.begun.size() == 1);
  for (const auto* one : {&kept, &taken_over}) {
    CHECK(one->outcome() == messages::Summary::Outcome::FAILED);
    std::string sentence = one->world.result().summary.read()->getSentence().cStr();
    CHECK(sentence.find("shard 0 does not answer") != std::string::npos);
  }
}

TEST_CASE("who asks for an early end while no coordinator is there is not heard") {
  simulation one{{{.dies_after = 250 * millisecond, .begins_after = 500 * millisecond}}};
  REQUIRE(!one.world.run(0.3));
  one.world.request_stop();
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
}

#pragma once

#include "drover/actors/sim/quadratic.hpp"
#include "drover/actors/sim/world.hpp"

#include "tests/core/jobs.hpp"
#include <string>
#include <utility>
#include <vector>

namespace drover::test {

constexpr auto millisecond = sim::from_seconds(0.001);

/// Four workers with 50 steps of 10 ms each under bsp, each on a machine of its own; the shard and the coordinator,
/// too.
struct small_world {
  explicit small_world(sim::replacement places, const std::string& faults = "")
      : world(plan, sim::cluster::from_json("test", R"({"machines": [
          {"name": "head", "shards": 0, "hostsWorkers": false}, {"name": "shard", "hostsWorkers": false},
          {"name": "worker", "shards": 0, "workers": 1, "count": 4, "step": {"seconds": 0.01}}],
        "faults": [)" + faults + "]}"),
              objective, 1, std::move(places)) {}

  [[nodiscard]] auto outcome() const { return world.result().summary.read()->getOutcome(); }
  [[nodiscard]] std::vector<float> parameters() const {
    std::vector<float> result;
    for (std::size_t i = 0; i < plan.layout->blocks().size(); ++i) {
      auto block = world.result().parameters->view().block(i);
      result.insert(result.end(), block.begin(), block.end());
    }
    return result;
  }
  /// Whether the summary says so.
  [[nodiscard]] bool tells(const std::string& what) const {
    for (auto one : world.result().summary.read()->getHappenings())
      if (what == one.getSentence().cStr())
        return true;
    return false;
  }

  training_plan plan = plan_of({.consistency = "bsp", .workers = 4, .stall_seconds = 10, .silence_seconds = 3},
                               tensors_of({3, 8, 5}), 50);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  sim::world world;
};

} // namespace drover::test

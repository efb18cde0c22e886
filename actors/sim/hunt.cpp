#include "drover/actors/sim/hunt.hpp"

#include "drover/actors/sim/checkers/all.hpp"
#include "drover/actors/sim/quadratic.hpp"
#include "drover/actors/sim/world.hpp"

#include <exception>

namespace drover::sim {

namespace {

// Longer than any world that makes progress takes.
constexpr double seconds_max = 1e6;
constexpr float noise = 0.1f;

} // namespace

hunt_result hunt(std::uint64_t seed, bool swarm, checker* also) {
  try {
    return hunt(hunted_world::draw(seed, swarm), seed, also);
  } catch (const std::exception& problem) {
    return {.how = hunt_result::ending::crashed, .sentence = problem.what()};
  }
}

hunt_result hunt(const hunted_world& drawn, std::uint64_t seed, checker* also) {
  hunt_result result;
  try {
    quadratic objective{drawn.plan.layout, seed, noise};
    all_checkers checkers{drawn};
    world simulated{drawn.plan, drawn.on, objective, seed, drawn.places};
    if (also != nullptr)
      simulated.watch(*also);
    checkers.watch(simulated);
    auto run = [&] {
      if (drawn.stop && !simulated.run(static_cast<double>(*drawn.stop) / 1e9))
        simulated.request_stop();
      if (!simulated.run(seconds_max))
        throw no_progress("progress", simulated.now(), "the job does not come to its end");
    };
    auto note = [&] {
      result.fingerprint = simulated.fingerprint_value();
      result.events = simulated.events();
      result.seconds = static_cast<double>(simulated.now()) / 1e9;
    };
    try {
      run();
    } catch (...) {
      note();
      throw;
    }
    note();
  } catch (const no_progress& problem) {
    result.how = hunt_result::ending::no_progress;
    result.sentence = problem.what();
  } catch (const violation& problem) {
    result.how = hunt_result::ending::violated;
    result.sentence = problem.what();
  } catch (const std::exception& problem) {
    result.how = hunt_result::ending::crashed;
    result.sentence = problem.what();
  }
  return result;
}

} // namespace drover::sim

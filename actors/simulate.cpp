#include "drover/actors/simulate.hpp"

#include "drover/actors/job_context.hpp"
#include "drover/actors/job_objective.hpp"
#include "drover/actors/job_output.hpp"
#include "drover/actors/sim/world.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

// Machines that are simulated die in silence.
constexpr double silence_seconds = 60;
constexpr double forever = std::numeric_limits<double>::infinity();

double seconds_of(sim::nanoseconds time) {
  return static_cast<double>(time) / 1e9;
}

simulation_measures measures_of(const sim::world& world, std::uint32_t workers) {
  simulation_measures result{.seconds = seconds_of(world.now()),
                             .events = world.events(),
                             .computing = {},
                             .traffic = world.traffic(),
                             .fingerprint = world.fingerprint_value()};
  for (std::uint32_t worker = 0; worker < workers; ++worker)
    result.computing.push_back(result.seconds > 0 ? seconds_of(world.computed(worker)) / result.seconds : 0);
  return result;
}

/// Whether it was stopped because its time was up.
bool run_to_its_end(sim::world& world, const sim::cluster& on, const simulate_options& options) {
  if (world.run(options.seconds_max, options.stop))
    return false;
  auto out_of_time = world.has_coordinator() && !options.stop.stop_requested();
  world.request_stop();
  // The coordinator ends every job, with a report of who waits for whom if it must; but not one without it.
  if (!world.run(forever))
    throw std::runtime_error("the coordinator's machine, " + on.machines().front().name + ", crashed after " +
                             std::to_string(seconds_of(world.now())) +
                             " s of virtual time: nobody is left to end the job");
  return out_of_time;
}

} // namespace

simulate_result simulate(const job& what, const sim::cluster& on, simulate_options options) {
  job_output::check_places(what);
  auto simulated = what;
  if (what.read().getSilenceSeconds() == 0)
    simulated->setSilenceSeconds(silence_seconds);
  auto context = job_context::make(simulated, std::move(options.models), options.data.value_or(dataset_pair{}));
  auto view = context->what.read();
  job_objective objective{context};
  sim::world world{context->plan, on, objective, view.getSeed()};
  job_output output{context};
  world.on_progress = [&output, &options](messages::Progress::Reader news) {
    output.record(news);
    if (options.on_progress)
      options.on_progress(news);
  };
  auto out_of_time = run_to_its_end(world, on, options);
  simulate_result result{{world.result().summary, world.result().parameters, {}, {}},
                         measures_of(world, view.getWorkers())};
  result.measures.out_of_time = out_of_time;
  output.finish(result.trained);
  return result;
}

} // namespace drover

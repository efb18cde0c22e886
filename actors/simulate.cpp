#include "drover/actors/simulate.hpp"

#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/core/job_summary.hpp"
#include "drover/actors/core/printable.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/job_objective.hpp"
#include "drover/actors/job_output.hpp"
#include "drover/actors/sim/world.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

// Machines that are simulated die in silence.
constexpr double silence_seconds = 60;
// A coordinator that is paused for so many times the job's stallSeconds is not waited for: it cannot complain itself.
constexpr double patience = 10;

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

/// Nobody is left to end the job, for a pause.
class paused : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Runs one simulated job, and sees that it ends.
class run_of_job {
public:
  run_of_job(sim::world& world, const sim::cluster& on, double stall_seconds)
      : world_(world), who_("the coordinator's machine, " + printable(on.machines().front().name) + ','),
        pause_max_(patience * stall_seconds) {}

  /// Whether the job is over. Throws where the coordinator crashed: it ends every job, with a report of who waits for
  /// whom if it must; but nobody does without it. Throws `paused` where it is paused for so long that nobody waits.
  bool until(double seconds, const std::stop_token& stop = {}) {
    while (!world_.run(std::min(seconds, until_ + pause_max_), stop)) {
      if (!world_.has_coordinator())
        throw std::runtime_error(who_ + " crashed after " + std::to_string(seconds_of(world_.now())) +
                                 " s of virtual time: nobody is left to end the job");
      if (stop.stop_requested() || until_ + pause_max_ >= seconds)
        return false;
      until_ += pause_max_;
      if (seconds_of(world_.coordinator_paused()) > pause_max_)
        throw paused(who_ + " has been paused for more than " + plain_number(pause_max_) + " s of virtual time, " +
                     plain_number(patience) + " times stallSeconds: nobody is left to end the job");
    }
    return true;
  }

private:
  sim::world& world_;
  std::string who_;
  double pause_max_;
  double until_ = 0; ///< virtual seconds up to which it ran
};

struct end_of_run {
  bool out_of_time = false;
  std::string unheard = {}; ///< why the coordinator did not end the job when its time was up; empty where it did
};

end_of_run run_to_its_end(sim::world& world, const sim::cluster& on, double stall_seconds,
                          const simulate_options& options) {
  run_of_job run{world, on, stall_seconds};
  if (run.until(options.seconds_max, options.stop))
    return {};
  end_of_run result{.out_of_time = !options.stop.stop_requested()};
  world.request_stop();
  try {
    static_cast<void>(run.until(std::numeric_limits<double>::infinity()));
  } catch (const paused& problem) {
    if (!result.out_of_time)
      throw;
    result.unheard = problem.what();
  }
  return result;
}

/// The end of a job that a coordinator did not come to: what it had told before.
void take(job_ending& so_far, messages::Progress::Reader news) {
  so_far.samples = news.getSamples();
  so_far.epochs = std::max(so_far.epochs, news.getEpoch());
  if (news.getStaleness().isBound())
    so_far.staleness_bound = news.getStaleness().getBound();
}

} // namespace

simulate_result simulate(const job& what, const sim::cluster& on, simulate_options options) {
  refuse_in_place(what.read(), "a simulation has no shared memory");
  job_output::check_places(what);
  auto simulated = what;
  if (what.read().getSilenceSeconds() == 0)
    simulated->setSilenceSeconds(silence_seconds);
  auto context = job_context::make(simulated, std::move(options.models), options.data.value_or(dataset_pair{}));
  auto view = context->what.read();
  job_objective objective{context};
  sim::world world{context->plan, on, objective, view.getSeed()};
  job_output output{context};
  job_ending so_far;
  so_far.outcome = messages::Summary::Outcome::STOPPED;
  so_far.seconds = options.seconds_max;
  so_far.shards = view.getShards();
  world.on_progress = [&output, &options, &so_far](messages::Progress::Reader news) {
    output.record(news);
    take(so_far, news);
    if (options.on_progress)
      options.on_progress(news);
  };
  auto end = run_to_its_end(world, on, view.getStallSeconds(), options);
  simulate_result result{{}, measures_of(world, view.getWorkers())};
  result.measures.out_of_time = end.out_of_time;
  so_far.sentence = end.unheard;
  if (end.unheard.empty())
    result.trained = {world.result().summary, world.result().parameters, {}, {}};
  else
    result.trained.summary = summarize(so_far, {});
  output.finish(result.trained);
  return result;
}

} // namespace drover

#include "drover/actors/cluster.hpp"

#include "drover/actors/coordinator.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/metrics_file.hpp"
#include "drover/actors/saved_model.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace drover {

void init_global_meta_objects() {
  static std::once_flag once;
  std::call_once(once, [] {
    caf::init_global_meta_objects<caf::id_block::drover>();
    caf::core::init_global_meta_objects();
  });
}

coordinator_actor spawn_coordinator(caf::actor_system& system, std::shared_ptr<const job_context> context,
                                    observer_actor observer) {
  return system.spawn(coordinator_behavior, std::move(context), std::move(observer));
}

observer_actor observer_of(const caf::scoped_actor& self) {
  return caf::actor_cast<observer_actor>(caf::actor_cast<caf::strong_actor_ptr>(self));
}

void request_stop(const coordinator_actor& coordinator) {
  compat::anon_send(coordinator, stop_requested{});
}

namespace {

// An actor system fit for training on one host.
struct local_config : caf::actor_system_config {
  explicit local_config(std::uint32_t threads) {
    // Workers sleep while they wait for parameters: the default policy would poll for them, and wake late.
    set("caf.scheduler.policy", "sharing");
    // CAF's own default is four threads even where there are fewer cores.
    set("caf.scheduler.max-threads", threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency()));
  }
};

// The initial parameters are better than nothing, worse than any file that is there: those of a job that was stopped
// before its first step, and those of epoch 0 after a failure.
bool worth_saving(const train_result& result, const std::filesystem::path& file) {
  auto summary = result.summary.read();
  auto failed = summary->getOutcome() == messages::Summary::Outcome::FAILED ||
                summary->getOutcome() == messages::Summary::Outcome::DIVERGED;
  auto untrained = summary->getSamples() == 0 || (failed && summary->getSavedEpoch() == 0);
  std::error_code unknown; // saving says what is wrong then
  return result.parameters && !(untrained && std::filesystem::exists(file, unknown));
}

} // namespace

train_result train(const job& what, train_options options) {
  init_global_meta_objects();
  std::filesystem::path save{what.read().getSave().cStr()};
  // Before the data are read, which may take long.
  if (!save.empty())
    check_save_place(save);
  auto context = job_context::make(what, std::move(options.models), options.data.value_or(dataset_pair{}));
  auto view = context->what.read();
  std::filesystem::path metrics_path{view.getMetrics().cStr()};
  std::optional<metrics_file> metrics;
  if (!metrics_path.empty())
    metrics.emplace(metrics_path);

  local_config config{view.getSchedulerThreads()};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto coordinator = spawn_coordinator(system, context, observer_of(self));
  std::stop_callback on_stop{options.stop, [&coordinator] { request_stop(coordinator); }};
  self->monitor(coordinator);

  std::optional<train_result> result;
  std::optional<std::string> died;
  std::vector<std::string> problems;
  // A full disk under the metrics must not end the training.
  auto record = [&metrics, &problems](auto line) {
    try {
      if (metrics)
        metrics->write(line);
    } catch (const std::runtime_error& problem) {
      problems.emplace_back(problem.what());
      metrics.reset();
    }
  };
  while (!result && !died)
    self->receive(
        [&options, &record](const message<messages::Progress>& progress) {
          auto news = progress.read();
          record(*news);
          if (options.on_progress)
            options.on_progress(*news);
        },
        [&result](const finish_job& end) {
          result = train_result{end.summary, end.parameters, {}, {}};
        },
        [&died](const caf::down_msg& down) { died = compat::describe(down.reason); });
  if (!result)
    throw std::runtime_error("the coordinator died: " + *died);
  try {
    if (!save.empty() && worth_saving(*result, save)) {
      save_model(save, *result->parameters, context->what, context->data.columns);
      result->saved = save.string();
    }
  } catch (const std::runtime_error& problem) {
    problems.emplace_back(problem.what());
  }
  auto summary = result->summary.read();
  record(*summary);
  result->problems = std::move(problems);
  return std::move(*result);
}

train_result train(const job& what, progress_function on_progress) {
  train_options options;
  options.on_progress = std::move(on_progress);
  return train(what, std::move(options));
}

} // namespace drover

#include "drover/actors/cluster.hpp"

#include "drover/actors/batch_thread.hpp"
#include "drover/actors/coordinator.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/job_output.hpp"
#include "drover/actors/worker_device.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/init_global_meta_objects.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
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

namespace {

// Each has a thread.
constexpr std::uint32_t workers_max = 4096;

void check_workers(messages::Job::Reader what) {
  if (what.getWorkers() > workers_max)
    throw std::invalid_argument("workers is " + std::to_string(what.getWorkers()) + ": allowed in one process are " +
                                std::to_string(workers_max) + ", more can be simulated");
}

} // namespace

coordinator_actor spawn_coordinator(caf::actor_system& system, std::shared_ptr<const job_context> context,
                                    observer_actor observer, placed_members placed) {
  if (placed.shards.empty())
    check_workers(context->what.read());
  return system.spawn(coordinator_behavior, std::move(context), std::move(observer), std::move(placed));
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
    add_thread_hook<compat::thread_starter>(become_batch_thread);
  }
};

} // namespace

train_result train(caf::actor_system& system, const std::shared_ptr<const job_context>& context,
                   const train_options& options, placed_members placed) {
  // A job that goes on goes on in its metrics.
  job_output output{context, placed.shards_begun ? metrics_file::older::stay : metrics_file::older::are_replaced};
  caf::scoped_actor self{system};
  auto coordinator = spawn_coordinator(system, context, observer_of(self), std::move(placed));
  std::stop_callback on_stop{options.stop, [&coordinator] { request_stop(coordinator); }};
  self->monitor(coordinator);

  std::optional<train_result> result;
  std::optional<std::string> died;
  while (!result && !died)
    self->receive(
        [&options, &output](const message<messages::Progress>& progress) {
          auto news = progress.read();
          output.record(*news);
          if (options.on_progress)
            options.on_progress(*news);
        },
        [&result](const finish_job& end) {
          result = train_result{end.summary, end.parameters, {}, {}};
        },
        [&died](const caf::down_msg& down) { died = compat::describe(down.reason); });
  if (!result)
    throw std::runtime_error("the coordinator died: " + *died);
  output.finish(*result);
  return std::move(*result);
}

train_result train(const job& what, train_options options) {
  init_global_meta_objects();
  check_workers(what.read());
  demand_devices(what.read());
  job_output::check_places(what);
  auto context = job_context::make(what, options.models, options.data.value_or(dataset_pair{}));
  local_config config{context->what.read().getSchedulerThreads()};
  caf::actor_system system{config};
  return train(system, context, options);
}

train_result train(const job& what, progress_function on_progress) {
  train_options options;
  options.on_progress = std::move(on_progress);
  return train(what, std::move(options));
}

} // namespace drover

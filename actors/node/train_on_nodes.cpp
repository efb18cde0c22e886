#include "drover/actors/node/train_on_nodes.hpp"

#include "drover/actors/job_output.hpp"
#include "drover/actors/node/fleet.hpp"
#include "drover/actors/node/node_config.hpp"
#include "drover/actors/worker_device.hpp"

#include <optional>
#include <utility>

namespace drover {

namespace {

train_result train_on(fleet& nodes, caf::actor_system& system, const job& what, const node_access& where,
                      const train_options& options) {
  auto context = job_context::make(what, options.models, options.data.value_or(dataset_pair{}));
  auto members = nodes.place(context);
  auto found = where.listen ? std::optional{nodes.listen(*where.listen)} : std::nullopt;
  if (where.on_job && !where.nodes.empty())
    where.on_job(nodes.id());
  if (where.on_listen && found)
    where.on_listen(*found);
  return train(system, context, options, std::move(members));
}

} // namespace

// Nodes are looked for before the data are read, which may take long.

train_result train_on_nodes(const job& what, const node_access& where, train_options options) {
  if (!where.nodes.empty())
    refuse_in_place(what.read(), "workers and shards on nodes share no memory");
  init_node_meta_objects();
  if (where.nodes.empty() || where.how_far == reach::one_host)
    demand_devices(what.read());
  job_output::check_places(what);
  node_config config{where.own, what.read().getSchedulerThreads(), where.how_far};
  caf::actor_system system{config};
  fleet nodes{system, where};
  return train_on(nodes, system, what, where, options);
}

train_result resume_on_nodes(const std::string& id, const job& outputs, const node_access& where,
                             train_options options) {
  init_node_meta_objects();
  job_output::check_places(outputs);
  node_config config{where.own, outputs.read().getSchedulerThreads(), where.how_far};
  caf::actor_system system{config};
  fleet nodes{system, where};
  auto what = nodes.take_over(id);
  what->setSave(outputs.read().getSave());
  what->setMetrics(outputs.read().getMetrics());
  return train_on(nodes, system, what, where, options);
}

} // namespace drover

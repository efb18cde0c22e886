#include "drover/actors/node/train_on_nodes.hpp"

#include "drover/actors/job_output.hpp"
#include "drover/actors/node/fleet.hpp"
#include "drover/actors/node/node_config.hpp"

#include <utility>

namespace drover {

train_result train_on_nodes(const job& what, const node_access& where, train_options options) {
  init_node_meta_objects();
  job_output::check_places(what);
  node_config config{where.own, what.read().getSchedulerThreads(), where.how_far};
  caf::actor_system system{config};
  // Before the data are read, which may take long.
  fleet nodes{system, where};
  auto context = job_context::make(what, options.models, options.data.value_or(dataset_pair{}));
  auto members = nodes.place(context);
  if (where.listen) {
    auto found = nodes.listen(*where.listen);
    if (where.on_listen)
      where.on_listen(found);
  }
  return train(system, context, options, std::move(members));
}

} // namespace drover

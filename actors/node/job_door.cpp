#include "drover/actors/node/job_door.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <set>
#include <stdexcept>
#include <string>

namespace drover {

places_actor find_job(caf::actor_system& system, caf::scoped_actor& self, const node_address& trainer) {
  auto problem = wait_until_reachable({trainer}, reach_timeout).front();
  places_actor result;
  if (problem.empty())
    compat::ask(self, connector(system), connect_timeout, caf::connect_atom_v, trainer.host, trainer.port)
        .receive([&result](const caf::node_id&, const caf::strong_actor_ptr& found,
                           const std::set<std::string>&) { result = caf::actor_cast<places_actor>(found); },
                 [&](const caf::error& why) { problem = explain(system, why); });
  if (problem.empty() && !result)
    problem = "no job is there";
  if (!problem.empty())
    throw std::runtime_error("there is no way to the job at " + to_string(trainer) + ": " + problem);
  return result;
}

} // namespace drover

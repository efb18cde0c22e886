#include "drover/actors/node/job_door.hpp"

#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <stdexcept>
#include <string>

namespace drover {

places_actor find_job(caf::actor_system& system, caf::scoped_actor& self, const node_address& trainer) {
  watch_connections(system);
  auto refuse = [&trainer](const std::string& why) {
    throw std::runtime_error("there is no way to the job at " + to_string(trainer) + ": " + why);
  };
  if (auto problem = wait_until_reachable({trainer}, reach_timeout).front(); !problem.empty())
    refuse(problem);
  auto found = connect(system, self, trainer);
  if (!found)
    refuse(explain(system, found.error()));
  return caf::actor_cast<places_actor>(*found);
}

} // namespace drover

#include "drover/actors/node/link_opener.hpp"

#include "drover/actors/node/network.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <exception>

namespace drover {

link_opener_actor::behavior_type link_opener_behavior(link_opener_actor::pointer self,
                                                      const std::shared_ptr<links>& ways) {
  return {[self, ways](const connect_nodes& wanted) -> caf::result<std::uint32_t> {
    self->quit();
    // Not further than the first that fails: each may take as long as whoever asked will wait.
    for (const auto& one : wanted.peers)
      try {
        links_address at{node_address::parse(one.address), one.data_token};
        at.where.port = one.data_port;
        for (auto which : {plane::side::writes, plane::side::reads})
          ways->open(one.identity, at, which);
      } catch (const std::exception& error) {
        return refusal(error.what());
      }
    return static_cast<std::uint32_t>(wanted.peers.size());
  }};
}

} // namespace drover

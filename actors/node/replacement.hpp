#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/type_ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace drover {

/// Finds places for workers whose process is lost: on the node that lives and was given the fewest members.
struct replacement_state {
  struct place {
    node_actor node;
    std::uint32_t members = 0;
  };

  replacement_actor::pointer self = nullptr;
  std::string token;
  std::string job;
  std::vector<place> places; ///< that live
  compat::watcher watched;
};

replacement_actor::behavior_type replacement_behavior(replacement_actor::stateful_pointer<replacement_state> self,
                                                      std::string token, std::string job,
                                                      std::vector<replacement_state::place> places);

} // namespace drover

#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/type_ids.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace drover {

/// The nodes of a job, and how many of its members each was given. Finds places for members, on the node that was given
/// the fewest; takes in nodes that join, and moves workers to them; lets nodes go, and moves their workers elsewhere.
struct places_state {
  struct place {
    node_address address;
    node_actor node;
    message<messages::NodeStatus> status; ///< when it was connected
    std::uint32_t members = 0;
    std::uint32_t shards = 0; ///< among them
  };
  struct job_ticket {
    std::string token;
    message<messages::PrepareJob> what;
    std::shared_ptr<const job_context> context;
  };

  places_actor::pointer self = nullptr;
  job_ticket job;
  coordinator_actor coordinator; ///< none before the job begins
  std::vector<place> places;     ///< that live
  compat::watcher watched;

  void add(place one);
  [[nodiscard]] place* find(const node_actor& node);
  [[nodiscard]] caf::result<member_actor> spawn(bool shard);
  [[nodiscard]] caf::result<std::uint32_t> take_in(const join_job& request);
  [[nodiscard]] caf::result<std::uint32_t> let_go(const leave_job& request);
  [[nodiscard]] caf::result<message<messages::JobStatus>> look();
  /// Moves workers from full nodes to one that is empty. Returns how many were asked to.
  std::uint32_t fill(const node_address& empty);
  void note(const std::string& sentence);
};

places_actor::behavior_type places_behavior(places_actor::stateful_pointer<places_state> self,
                                            places_state::job_ticket job, std::vector<places_state::place> places);

} // namespace drover

#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/evacuation.hpp"
#include "drover/actors/core/node_roster.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/node/links.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace drover {

/// The nodes of a job: has members started on them, takes in nodes that join, lets nodes go when their shards and
/// workers are elsewhere, and asks all of them every second how they are. Which node gets what, and which is taken for
/// gone, its roster decides; the workers of such a one go on elsewhere.
struct places_state {
  struct place {
    node_address address;
    node_actor node;
    message<messages::NodeStatus> status;                            ///< when it was connected
    std::map<std::uint32_t, member_actor> shards = {};               ///< that it kept then
    node_roster::number number = 0;                                  ///< in the roster
    std::optional<std::string> silence = {};                         ///< in words, while it is suspected of being gone
    std::vector<caf::typed_response_promise<void>> leave_asked = {}; ///< it leaves, and these want to know when it has
  };
  // Whoever comes from elsewhere: nodes that join, and who looks at the job.
  struct entrance {
    std::string token;
    bool takes_nodes = true; ///< otherwise all that it has are its trainer's own
  };
  struct job_ticket {
    std::string token; ///< of its nodes
    entrance door;
    message<messages::PrepareJob> what;
    std::shared_ptr<const job_context> context;
    std::shared_ptr<links> ways;                                         ///< of this process
    std::optional<data_sender_actor> data = {};                          ///< where nodes do not read them
    std::function<void(const std::vector<node_address>&)> on_moved = {}; ///< told which nodes have the shards now
  };

  places_actor::pointer self = nullptr;
  job_ticket job;
  coordinator_actor coordinator; ///< none before the job begins
  std::vector<place> places;     ///< that live
  node_roster roster;
  evacuation leaving{roster};
  std::set<std::string> missed_devices; ///< of which was said that no node has them
  std::vector<std::pair<join_job, caf::typed_response_promise<std::uint32_t>>> early; ///< who came before the job began
  compat::watcher watched;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

  void add(place one);
  [[nodiscard]] place* find(const node_actor& node);
  [[nodiscard]] place* find(std::optional<node_roster::number> number);
  [[nodiscard]] caf::result<member_actor> spawn(const place_member& wanted);
  /// Whether no node that is left has it.
  [[nodiscard]] bool lacks_device(const std::string& device) const;
  using spawned_function = std::function<void(const caf::expected<member_actor>&)>;
  void spawn_on(place& where, std::optional<std::uint32_t> shard, const spawned_function& done);
  void take_in(const join_job& request, caf::typed_response_promise<std::uint32_t> answer);
  [[nodiscard]] caf::result<void> let_go(const leave_job& request);
  void perform(const evacuation::step& next);
  void carry(const evacuation::move& what);
  void part_from(const evacuation::departure& what);
  void keep(const evacuation::stay& what);
  void tell_moved() const;
  [[nodiscard]] caf::result<message<messages::JobStatus>> look();
  /// Moves workers from full nodes to one that has room, and their devices. Returns how many may come.
  std::uint32_t fill(const node_actor& node);
  void note(const std::string& sentence);
  /// Notes what is to be found at an address now, in a moment.
  void probe(const node_address& where);
  void look_after();
  void ask(const node_actor& node);
  void hear(const node_actor& node);
  void suspect(place& one, const node_roster::silence& heard);
  void give_up(const place& one);
  /// Seconds since this began.
  [[nodiscard]] double now() const;
};

/// Names of what members can compute on there.
[[nodiscard]] std::set<std::string> devices_of(const places_state::place& one);

/// How others connect to a node.
[[nodiscard]] connect_nodes::peer peer_of(const places_state::place& one);

places_actor::behavior_type places_behavior(places_actor::stateful_pointer<places_state> self,
                                            places_state::job_ticket job, std::vector<places_state::place> places);

} // namespace drover

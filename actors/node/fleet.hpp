#pragma once

#include "drover/actors/coordinator.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/links.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/node/node_config.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// Where a job's members are to be, and what lets the trainer in. Where there are no nodes: in the trainer's process.
struct node_access {
  std::vector<node_address> nodes;
  std::optional<credentials> own; ///< where there are none, nothing is encrypted
  std::string token;              ///< of every node; empty: that of the credentials
  /// reach::one_host: of nodes that only this process knows the token of. No others join.
  reach how_far = reach::network;
  /// Where nodes may join while the job runs, and it may be looked at.
  std::optional<node_address> listen = {};
  std::function<void(const node_address&)> on_listen = {}; ///< told where, with the port that was found
  std::function<void(const std::string&)> on_job = {};     ///< told the job's id, when it begins
  /// Told the job's id and which nodes have its shards, when one has moved. Called in another thread.
  std::function<void(const std::string&, const std::vector<node_address>&)> on_shard_moved = {};
  bool send_data = false; ///< nodes get the samples to train on from here and do not read the job's data
};

/// The nodes of a job, as its trainer sees them. Used by one thread; destroy it before its actor system, and after the
/// job: nodes end what they host when it is gone.
class fleet {
public:
  using node_entry = places_state::place;

  /// Connects to all of them, waiting some seconds for those that do not listen yet. Throws std::runtime_error with one
  /// sentence that lists every node that cannot be used, and why.
  fleet(caf::actor_system& system, const node_access& access);

  ~fleet();
  fleet(const fleet&) = delete;
  fleet& operator=(const fleet&) = delete;

  [[nodiscard]] const std::vector<node_entry>& nodes() const { return nodes_; }

  /// Becomes the trainer of a job whose own is gone. Returns what the job is, without the files that a trainer writes.
  /// Throws as the constructor does, and where some of its shards are on none of these nodes. Then `place` it.
  [[nodiscard]] job take_over(const std::string& id);

  /// Has every node read the job's data, or get them from here, and spawns its members: shards on the first nodes, one
  /// each, workers on the others and then around. Throws as the constructor does, also for a node that found other data
  /// than the trainer.
  /// Shards that were taken over stay where they are. Without nodes none are spawned: they are the coordinator's.
  [[nodiscard]] placed_members place(const std::shared_ptr<const job_context>& context);

  /// The job that was placed, or is to be.
  [[nodiscard]] const std::string& id() const { return id_; }

  /// Lets a node's workers and shards go on elsewhere. Returns how many members they were. Throws std::runtime_error
  /// with a sentence.
  std::uint32_t drain(const node_entry& one);

  /// Where nodes may join the job that was placed, and it may be looked at. Throws std::runtime_error with a sentence.
  [[nodiscard]] node_address listen(const node_address& where);

private:
  void prepare(const places_state::job_ticket& job);
  void connect_each_other();
  [[nodiscard]] member_actor spawn(const place_member& wanted);
  struct kept_shard {
    node_entry* where;
    member_actor member;
  };
  /// Of copies of the same shard; the others end.
  [[nodiscard]] std::optional<kept_shard> latest_of(const std::vector<kept_shard>& copies);

  caf::actor_system& system_;
  caf::scoped_actor self_;
  std::string token_;
  places_state::entrance door_;
  std::shared_ptr<links> ways_; ///< on which parameters come to the trainer
  std::vector<node_entry> nodes_;
  places_actor places_;
  std::string id_;
  std::vector<member_actor> taken_; ///< shards of the job that was taken over, by index
  std::uint16_t listening_ = 0;     ///< port
  bool send_data_ = false;
  std::optional<data_sender_actor> data_;
  std::function<void(const std::string&, const std::vector<node_address>&)> on_shard_moved_;
};

} // namespace drover

#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/node/node.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace drover {

/// The actor of a node: what it hosts, and for whom.
struct node_state {
  struct hosted_member {
    member_actor handle;
    std::optional<std::uint32_t> shard; ///< that it hosts; otherwise a worker
  };
  // What a job has here. Whoever had it prepared, or took it over, is its trainer.
  struct hosted_job {
    message<messages::PrepareJob> source;
    places_actor places = {};
    std::shared_ptr<const job_context> context = {}; ///< null while the data are read
    std::vector<caf::typed_response_promise<message<messages::JobPrepared>>> asked = {}; ///< meanwhile
    std::vector<hosted_member> members = {};
    caf::actor_addr trainer = {}; ///< none while it is kept
    std::uint64_t kept_since = 0; ///< which of all losses of trainers that was
    bool is_kept = false;         ///< its trainer is gone and left shards behind
  };

  node_actor::pointer self = nullptr;
  node_options options;
  std::shared_ptr<links> ways;            ///< for bulk
  std::map<std::string, hosted_job> jobs; ///< by id
  // Who asked to have this node drained, and what is to happen before that is done.
  struct draining {
    caf::typed_response_promise<std::uint32_t> answer;
    std::set<std::string> open; ///< jobs that have not answered
    std::uint32_t members = 0;
    caf::error refusal = {}; ///< the first

    void refuse(const std::string& job, const caf::error& why);
  };
  std::vector<std::shared_ptr<draining>> drains;
  bool is_drained = false;
  std::uint64_t trainers_lost = 0;
  compat::watcher watched;

  ~node_state();

  [[nodiscard]] caf::result<message<messages::NodeStatus>> status() const;
  [[nodiscard]] caf::result<message<messages::JobPrepared>> prepare(const prepare_job& request);
  void load(const std::string& id, const prepare_job& request);
  [[nodiscard]] caf::result<std::uint32_t> connect(const connect_nodes& wanted);
  /// Connects to one of them; tells `done` why not, or nothing.
  void reach(const connect_nodes::peer& whom, std::function<void(const std::string&)> done);
  [[nodiscard]] caf::result<member_actor> spawn(const spawn_member& wanted);
  /// Who asks is a job's trainer from now on.
  void follow_sender(const std::string& job);
  void lose_trainer(const std::string& job, const caf::actor_addr& whom);
  void end_workers(hosted_job& of);
  void drop_oldest_kept();
  [[nodiscard]] caf::result<kept_shards> hand_over(const std::string& job);
  [[nodiscard]] caf::result<std::uint32_t> drain();
  /// No more members are taken.
  [[nodiscard]] bool is_leaving() const { return is_drained || !drains.empty(); }
  /// Whoever wants this node drained is told that it keeps shards of this job.
  void refuse_drains_for(const std::string& kept);
  [[nodiscard]] static caf::error kept_sentence(const std::string& job);
  void finish_drain();
  void end(const std::string& job);
};

node_actor::behavior_type node_behavior(node_actor::stateful_pointer<node_state> self, node_options options,
                                        std::shared_ptr<links> ways);

} // namespace drover

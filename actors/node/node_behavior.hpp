#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/node/node.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/typed_response_promise.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace drover {

/// The actor of a node: what it hosts, and for whom.
struct node_state {
  // What a job has here. Whoever had it prepared is its trainer.
  struct hosted_job {
    message<messages::PrepareJob> source;
    places_actor places = {};
    std::shared_ptr<const job_context> context = {}; ///< null while the data are read
    std::vector<caf::typed_response_promise<message<messages::JobPrepared>>> asked = {}; ///< meanwhile
    std::vector<member_actor> members = {};
    bool is_watched = false; ///< the trainer
  };

  node_actor::pointer self = nullptr;
  node_options options;
  std::shared_ptr<links> ways;            ///< for bulk
  std::map<std::string, hosted_job> jobs; ///< by id
  // Who asked to have this node drained, and what is to happen before that is done.
  struct draining {
    caf::typed_response_promise<std::uint32_t> answer;
    std::set<std::string> open; ///< jobs that have not answered
    std::uint32_t workers = 0;
  };
  std::vector<std::shared_ptr<draining>> drains;
  bool leaving = false;
  compat::watcher watched;

  ~node_state();

  [[nodiscard]] caf::result<message<messages::NodeStatus>> status() const;
  [[nodiscard]] caf::result<message<messages::JobPrepared>> prepare(const prepare_job& request);
  void load(const std::string& id, const message<messages::PrepareJob>& what);
  [[nodiscard]] caf::result<std::uint32_t> connect(const connect_nodes& wanted);
  [[nodiscard]] caf::result<member_actor> spawn(const std::string& job);
  [[nodiscard]] caf::result<std::uint32_t> drain();
  void finish_drain();
  void end(const std::string& job);
};

node_actor::behavior_type node_behavior(node_actor::stateful_pointer<node_state> self, node_options options,
                                        std::shared_ptr<links> ways);

} // namespace drover

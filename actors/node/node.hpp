#pragma once

#include "drover/actors/node/links.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/type_ids.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/registry.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace drover {

struct node_options {
  node_address listen{"127.0.0.1", 0}; ///< port 0: any that is free
  /// The host by which other nodes reach this one, where it joins a job; empty: that of `listen`, or the machine's name
  /// where that is every address.
  std::string advertised_host = {};
  std::string token = {};                    ///< who does not know it is refused
  model_registry models = standard_models(); ///< models that jobs on this node may name
  std::optional<dataset_pair> data = {};     ///< used instead of a job's `data` where set, unless they are sent
  std::uint16_t data_port = 0;               ///< where parameters and gradients come in; 0: any that is free
  /// How long shards wait for another trainer to take them over when theirs is gone; 0: not at all.
  std::chrono::seconds keep_shards{600};
  /// Told of connections lost; any thread, until the actor system has ended. Told of strangers at any port of this
  /// process as well, while this is the last node that was made in it, and until that is destroyed.
  links::log_function log = {};
};

/// A process as a place for members of jobs: trainers connect to it, have it read a job's data, and spawn workers and
/// shards in it. It ends what it hosts for a trainer that is gone. Lives in an actor system of the caller, see
/// node_config.hpp; destroy it before that.
class node {
public:
  /// Throws std::runtime_error with a sentence where it cannot listen.
  node(caf::actor_system& system, node_options options);
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Where it listens, with the port that was found.
  [[nodiscard]] const node_address& address() const { return address_; }

  /// Takes part in a job whose trainer listens there; its workers spread out to here. Waits until the job's data are
  /// read. Returns how many workers come. Throws std::runtime_error with a sentence.
  std::uint32_t join(const node_address& trainer);

  /// Lets the shards and workers here go on elsewhere; the node takes no more members then. Returns how many they were.
  /// Throws std::runtime_error with a sentence where that cannot be: a shard is kept here for a trainer that is gone,
  /// or there is no other node.
  std::uint32_t drain();

private:
  caf::actor_system& system_;
  node_address address_;
  bool tells_strangers_ = false; ///< report_strangers was told to
  std::shared_ptr<links> links_;
  std::string advertised_host_;
  std::string token_;
  node_actor actor_;
};

} // namespace drover

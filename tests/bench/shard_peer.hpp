#pragma once

#include "drover/actors/node/links.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>

#include "tests/bench/child_process.hpp"
#include "tests/bench/one_shard.hpp"
#include <cstdint>
#include <memory>

namespace drover::bench {

/// A process with a shard, and one that asks it as members on nodes ask each other: by this way of the
/// data plane, once they know each other by CAF's network layer, over TLS where the way is.
class shard_peer {
public:
  /// Begins the process. `own`: for TLS.
  shard_peer(plane::way by, held_values held, const credentials* own);

  /// When all processes are there.
  void connect();

  /// Requests a second.
  double pull(std::uint64_t count, std::uint64_t window) { return shard_->pull(count, window); }
  double push(std::uint64_t count, std::uint64_t window) { return shard_->push(count, window); }
  /// Pushes that arrive and are not applied.
  double push_only(std::uint64_t count, std::uint64_t window) { return echo_->push(count, window); }

private:
  // Where the other process is found.
  struct place {
    std::uint16_t shard = 0;
    std::uint16_t echo = 0;
    std::uint16_t data = 0;
    char token[65] = {};
  };

  [[noreturn]] void serve(int to) const;

  plane::way by_;
  held_values held_;
  const credentials* own_;
  place there_;
  std::unique_ptr<child_process> child_;
  std::unique_ptr<node_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<links> ways_;
  std::unique_ptr<shard_client> shard_;
  std::unique_ptr<shard_client> echo_;
};

} // namespace drover::bench

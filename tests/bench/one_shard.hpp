#pragma once

#include "drover/actors/bulk_carrier.hpp"
#include "drover/actors/type_ids.hpp"
#include "drover/messages/bulk.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace drover::bench {

/// Pushes that may be under way to a shard at once.
constexpr std::uint64_t window_max = 16;

/// A shard as jobs have it, in its actor: plain SGD on one block of so many floats. With a carrier, by which its
/// answers go to other processes, it has a thread of its own, as on nodes. It ends when `coordinator` does.
[[nodiscard]] shard_actor begin_shard(caf::actor_system& system, std::size_t floats,
                                      const coordinator_actor& coordinator,
                                      const std::shared_ptr<bulk_carrier>& carrier = nullptr);

/// In a shard's place, does nothing but answer, with no parameters: what is left is what messages cost.
[[nodiscard]] shard_actor begin_echo(caf::actor_system& system, const std::shared_ptr<bulk_carrier>& carrier = nullptr);

/// Asks a shard, which nobody else asks, in a worker's place.
class shard_client {
public:
  /// Requests, with gradients of so many floats, go by `carrier`, where there is one; then it, too, has a thread of its
  /// own.
  shard_client(caf::actor_system& system, shard_actor shard, std::size_t floats,
               std::shared_ptr<bulk_carrier> carrier = nullptr);

  /// So many requests, `window` of them under way at any time, each answer let go of before the next request. Return
  /// requests a second. Throw std::runtime_error where an answer does not come.
  double pull(std::uint64_t count, std::uint64_t window);
  double push(std::uint64_t count, std::uint64_t window);

private:
  double run(std::uint64_t count, std::uint64_t window, const shared_bulk& gradient);

  caf::actor_system& system_;
  shard_actor shard_;
  std::shared_ptr<bulk_carrier> carrier_;
  shared_bulk gradient_;
  std::uint64_t pushed_ = 0;
};

} // namespace drover::bench

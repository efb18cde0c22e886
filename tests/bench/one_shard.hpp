#pragma once

#include "drover/actors/bulk_carrier.hpp"
#include "drover/actors/core/sent_rows.hpp"
#include "drover/actors/type_ids.hpp"
#include "drover/messages/bulk.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace drover::bench {

/// Pushes that may be under way to a shard at once.
constexpr std::uint64_t window_max = 16;

/// What a shard holds, and what a request is about: one block, or rows of one sparse table.
struct held_values {
  std::size_t floats;    ///< of the block, or of a row
  std::size_t rows = 0;  ///< of the table; 0: it is a block
  std::size_t asked = 1; ///< rows of a request
};

/// A shard as jobs have it, in its actor: plain SGD. With a carrier, by which its
/// answers go to other processes, it has a thread of its own, as on nodes. It ends when `coordinator` does.
[[nodiscard]] shard_actor begin_shard(caf::actor_system& system, held_values held, const coordinator_actor& coordinator,
                                      const std::shared_ptr<bulk_carrier>& carrier = nullptr);

/// In a shard's place, does nothing but answer, with no parameters: what is left is what messages cost.
[[nodiscard]] shard_actor begin_echo(caf::actor_system& system, const std::shared_ptr<bulk_carrier>& carrier = nullptr);

/// Asks a shard, which nobody else asks, in a worker's place.
class shard_client {
public:
  /// Requests go by `carrier`, where there is one; then it, too, has a thread of its own. Rows are drawn anew for each
  /// of some tens of requests, all equally likely; their keys go with pulls and pushes alike.
  shard_client(caf::actor_system& system, shard_actor shard, held_values held,
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
  std::vector<signed_keys> keys_; ///< of one request after the other, and over again
  shared_bulk gradient_;
  std::uint64_t pushed_ = 0;
};

} // namespace drover::bench

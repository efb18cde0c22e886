#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace drover {

/// Who a message is for or from. Indices count from 0 within a role; there is one coordinator.
struct address {
  enum class role { coordinator, shard, worker };
  role kind = role::coordinator;
  std::uint32_t index = 0;

  auto operator<=>(const address&) const = default;
};

[[nodiscard]] constexpr address worker_address(std::uint32_t index) {
  return {address::role::worker, index};
}
[[nodiscard]] constexpr address shard_address(std::uint32_t index) {
  return {address::role::shard, index};
}

/// "worker 3", "shard 0", "the coordinator".
[[nodiscard]] inline std::string to_string(const address& who) {
  switch (who.kind) {
  case address::role::shard:
    return "shard " + std::to_string(who.index);
  case address::role::worker:
    return "worker " + std::to_string(who.index);
  case address::role::coordinator:
    break;
  }
  return "the coordinator";
}

} // namespace drover

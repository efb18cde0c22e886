#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace drover {

/// How far a copy of a shard has come.
struct copy_age {
  std::uint64_t membership_epoch = 0; ///< the last that it took over
  std::uint64_t version = 0;          ///< of its parameters

  auto operator<=>(const copy_age&) const = default;
};

/// Which copy of a shard goes on where there are several: one that moved when its coordinator died, or that was missed
/// while it moved, may be in two places. Only one of them was let go on, and came further. One that is not complete has
/// no age, and never goes on. Nothing where none may.
[[nodiscard]] std::optional<std::size_t> latest_copy(std::span<const std::optional<copy_age>> copies);

} // namespace drover

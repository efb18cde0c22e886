#pragma once

#include <chrono>

namespace drover {

// How long others are waited for.

/// For a process that does not listen yet: it may be started a little later.
inline constexpr std::chrono::milliseconds reach_timeout{10'000};
/// For a connection of CAF's to be made; otherwise it is given up.
inline constexpr std::chrono::seconds connect_timeout{8};
/// For whether it was.
inline constexpr std::chrono::seconds connect_wait{10};
/// For a node that connects to all others, and opens its ways for bulk to them.
inline constexpr std::chrono::seconds links_timeout{20};
/// For an answer that needs nobody else.
inline constexpr std::chrono::seconds answer_timeout{10};
/// For a member that another process asks a node for: longer than that takes.
inline constexpr std::chrono::seconds spawn_timeout{20};
/// For a node's members to be gone: its shards may be large.
inline constexpr std::chrono::minutes drain_timeout{30};

} // namespace drover

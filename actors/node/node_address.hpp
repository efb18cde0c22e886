#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// Where a node listens.
struct node_address {
  std::string host; ///< a name, an IPv4 address, or an IPv6 address without brackets
  std::uint16_t port = 0;

  auto operator<=>(const node_address&) const = default;

  /// "host:port", with brackets around an IPv6 address. Throws std::invalid_argument with a sentence.
  [[nodiscard]] static node_address parse(std::string_view text);
};

[[nodiscard]] std::string to_string(const node_address& where);

/// The name of this machine; empty where it has none.
[[nodiscard]] std::string host_name();

/// Several, separated by commas. Throws std::invalid_argument for none, and for one that is named twice.
[[nodiscard]] std::vector<node_address> parse_node_list(std::string_view text);

/// Waits until somebody listens on each of them, all at once, for so long. One entry each: empty, or why it cannot be
/// reached.
[[nodiscard]] std::vector<std::string> wait_until_reachable(const std::vector<node_address>& nodes,
                                                            std::chrono::milliseconds timeout);

} // namespace drover

#pragma once

#include <string>

namespace drover {

/// What this build speaks between processes: its version, and a number made from all that defines its messages.
/// Processes talk only where these are the same. 200 bytes at most.
[[nodiscard]] std::string protocol();

/// As connections name it, among those of other programs.
[[nodiscard]] std::string application_protocol();

} // namespace drover

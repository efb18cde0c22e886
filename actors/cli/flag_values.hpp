#pragma once

#include "drover/actors/cli/flags.hpp"

#include <cstdint>
#include <limits>
#include <string>

namespace drover::cli {

// Values of flags that are no field of a job. All throw std::invalid_argument with a sentence that names the flag and
// says what is allowed.

/// What stands behind the flag; empty where it is not given.
[[nodiscard]] std::string text_of(const command_line& line, const std::string& name);

/// What a flag may be, both ends included.
struct whole_range {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// `otherwise` where the flag is not given.
[[nodiscard]] std::uint64_t whole_number(const command_line& line, const std::string& name, whole_range allowed,
                                         std::uint64_t otherwise);

/// More than 0; `otherwise` where the flag is not given.
[[nodiscard]] double seconds_of(const command_line& line, const std::string& name, double otherwise);

/// 64 bits as `fingerprint_text` writes them.
[[nodiscard]] std::uint64_t fingerprint_of(const command_line& line, const std::string& name);
/// 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint_text(std::uint64_t value);

} // namespace drover::cli

#pragma once

#include <cstdint>
#include <string_view>

namespace drover {

/// A consistency as a job names it: "bsp", "ssp:S", "asp", "hogwild", "dsgd" or
/// "nomad".
struct consistency_mode {
  enum class kind { bsp, ssp, asp, hogwild, dsgd, nomad };
  kind family = kind::asp;
  std::uint64_t slack = 0; ///< ssp: S

  /// Throws std::invalid_argument with a sentence for anything else.
  [[nodiscard]] static consistency_mode parse(std::string_view text);
};

} // namespace drover

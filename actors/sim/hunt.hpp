#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/hunted_world.hpp"

#include <cstdint>
#include <string>

namespace drover::sim {

/// How one seeded world ended.
struct hunt_result {
  enum class ending {
    well,
    violated,    ///< an invariant
    no_progress, ///< nothing wrong was done, and too little
    crashed,     ///< an exception that should not be
  };
  ending how = ending::well;
  std::string sentence;          ///< what was wrong
  std::uint64_t fingerprint = 0; ///< of the world, as far as it came
  std::uint64_t events = 0;
  double seconds = 0; ///< of virtual time
};

/// Runs the world of one seed under every checker, and `also` one more. The same program gives the same result
/// for the same seed.
[[nodiscard]] hunt_result hunt(std::uint64_t seed, bool swarm, checker* also = nullptr);
/// The same of a world that was drawn from that seed, and may have been changed since.
[[nodiscard]] hunt_result hunt(const hunted_world& drawn, std::uint64_t seed, checker* also = nullptr);

} // namespace drover::sim

#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>

namespace drover::cli {

struct hunt_settings {
  std::uint64_t seeds = 1;
  std::uint64_t from = 1;
  bool swarm = false;
  bool trace = false;       ///< a line for all that happens
  std::size_t terminal = 0; ///< its columns; 0: there is none, and no count of seeds is shown
};

/// Runs worlds of so many seeds, one after the other, until one fails. Prints what came out, or the seed that failed,
/// what was wrong and the command that replays it. Returns an exit code. Throws std::invalid_argument with a sentence
/// for more seeds than there are.
[[nodiscard]] int hunt_seeds(const hunt_settings& settings, std::ostream& out, std::ostream& err);

} // namespace drover::cli

#pragma once

#include "drover/actors/sim/virtual_time.hpp"

#include <cstdint>
#include <vector>

namespace drover::sim {

/// What a coordinator's shell does on nodes. A worker that was lost is found a new place. Off: a machine that comes
/// back starts its workers again by itself. On: it does not, a coordinator without a place for a worker goes without,
/// and a former process may go on for as long as it does not hear that it was replaced.
struct replacement {
  struct move {
    nanoseconds at = 0;
    std::uint32_t worker = 0;
  };
  /// A coordinator dies for good, if all shards live then. Its workers end when they notice, the shards stay, and
  /// another coordinator takes the job over.
  struct takeover {
    nanoseconds dies_after = 0;   ///< since that coordinator began
    nanoseconds begins_after = 0; ///< the other one, since then
  };

  /// A shard goes on elsewhere, where it can. Nothing that holds a shard crashes and comes back.
  struct shard_move {
    nanoseconds at = 0;
    std::uint32_t shard = 0;
    std::uint32_t machine = 0;
    nanoseconds takes = 0; ///< to copy it
    bool fails = false;    ///< then it stays
  };

  /// The node on a machine is told to leave: its shards and workers go on elsewhere, where they can.
  struct leaving {
    nanoseconds at = 0;
    std::uint32_t machine = 0;
  };

  bool is_on = false;
  nanoseconds delay_max = 0; ///< of an answer, of news, of a process that begins
  double missing = 0;        ///< chance that a node refuses a member at a time, though it could have it
  double untold = 0;         ///< chance that nobody says what a machine that crashed took with it
  /// How far apart nodes are asked how they are: all that their roster calls a second is so long. 0: nobody asks.
  nanoseconds look_interval = 0;
  double forgotten = 0;                 ///< chance that a shard that moved stays where it was as well, standing still
  std::vector<move> moves = {};         ///< workers that shall go elsewhere
  std::vector<takeover> takeovers = {}; ///< one after the other
  std::vector<shard_move> shard_moves = {};
  std::vector<leaving> leaves = {};
};

} // namespace drover::sim

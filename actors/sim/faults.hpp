#pragma once

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/random.hpp"

#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <vector>

namespace drover::sim {

/// Something that goes wrong, or is well again.
struct fault_event {
  enum class what {
    crash,           ///< the machine and all that it held are gone
    restart,         ///< it is there again, empty
    pause_begin,     ///< nothing runs on it, what arrives waits
    pause_end,       ///
    partition_begin, ///< no message passes between `machines` and all others
    partition_end,   ///
    slow_begin,      ///< what the machine sends and receives takes `factor` times as long
    slow_end,
    unreliable_begin, ///< what the machine sends and receives suffers `chances`
    unreliable_end,
  };
  nanoseconds at = 0;
  what kind = what::crash;
  std::span<const std::uint32_t> machines; ///< one, except of a partition; valid as long as the cluster
  std::uint64_t occurrence = 0;            ///< the same for a beginning and its end, no other has it
  double factor = 1;
  const message_chances* chances = nullptr; ///< valid as long as the cluster
};

/// "crash of node-3", "partition of node-0 and 7 more begins": for a log or a stall report.
[[nodiscard]] std::string to_string(const fault_event& event, const cluster& of);

/// A cluster's faults in the order of time, drawn from a seed as they are asked for: with rates there is no last one.
///
/// What is told of one machine makes sense: it crashes only while it is up, restarts only after a crash that is not for
/// good, and pauses that overlap are one. After a crash for good no rate strikes the machine any more. Partitions,
/// slow and unreliable links may overlap. Faults at the same time come in the order of the description.
class fault_plan {
public:
  fault_plan(cluster of, std::uint64_t seed);

  /// The next event, or nothing where none comes any more.
  [[nodiscard]] std::optional<fault_event> next();

private:
  // A beginning or an end that will be looked at when its time comes.
  struct pending {
    nanoseconds at;
    std::uint64_t order; ///< among those at the same time
    std::uint32_t fault;
    std::uint32_t place; ///< which of the fault's machines, where each has its own
    std::uint64_t occurrence;
    bool is_end;
    random_stream draws; ///< of this fault on this machine

    bool operator>(const pending& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  struct machine_state {
    bool is_down = false;
    bool is_gone = false; ///< down for good
    std::uint32_t pauses = 0;
  };

  void schedule(pending what, nanoseconds at);
  void schedule_next(const pending& over);
  [[nodiscard]] bool begins(const pending& what);
  [[nodiscard]] bool ends(const pending& what);
  [[nodiscard]] machine_state& state_of(const pending& what);
  [[nodiscard]] fault_event event_of(const pending& what) const;

  cluster cluster_;
  std::vector<machine_state> states_;
  std::priority_queue<pending, std::vector<pending>, std::greater<>> queue_;
  std::uint64_t order_ = 0;
  std::uint64_t occurrences_ = 0;
};

} // namespace drover::sim

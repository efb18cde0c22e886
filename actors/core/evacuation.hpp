#pragma once

#include "drover/actors/core/node_roster.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <variant>

namespace drover {

/// Nodes that leave a job: each hands its shards to others, one after the other, then its workers go on elsewhere and
/// it is off the roster. One node at a time, for a shard may be on its way to the next. A node whose shard nobody takes
/// stays.
class evacuation {
public:
  using number = node_roster::number;

  /// Have this shard go on there; then say `moved`, `not_moved` or `refused`.
  struct move {
    number from = 0;
    std::uint32_t shard = 0;
    number to = 0;
  };
  /// This node has no shards any more, and its workers go; then ask for what is `next`.
  struct departure {
    number node = 0;
  };
  /// This one stays, and why; then ask for what is `next`.
  struct stay {
    number node = 0;
    std::string why;
  };
  /// What is to be done now. Nothing while a shard moves, or nobody leaves.
  using step = std::variant<std::monostate, move, departure, stay>;

  /// `nodes` must outlive it.
  explicit evacuation(node_roster& nodes) : nodes_(nodes) {}

  /// A node that does not leave yet is to. From now on it gets no members.
  [[nodiscard]] step leave(number node);
  [[nodiscard]] step next();
  [[nodiscard]] step moved();
  /// The node that it was to go to cannot have it: another is tried.
  [[nodiscard]] step not_moved(const std::string& why);
  /// Its coordinator did not let it go, or could not have it copied: no other is tried.
  [[nodiscard]] step refused(const std::string& why);

private:
  [[nodiscard]] step keep(number node, const std::string& why);
  void forget_first();

  node_roster& nodes_;
  std::deque<number> leaving_; ///< the first is emptied now
  move under_way_;
  bool moves_ = false;     ///< a shard does
  std::set<number> tried_; ///< for that shard
  std::string why_;        ///< it could not go to the last of them
};

} // namespace drover

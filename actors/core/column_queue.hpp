#pragma once

#include "drover/actors/core/block_turn.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace drover {

/// A stay of columns, one part of the items, at a worker, under nomad.
struct column_visit {
  std::uint32_t columns = 0;
  std::uint64_t visit = 0; ///< how many came before: the version of these columns
};

/// How columns travel, under nomad (Yun et al. 2014): in each round they visit every worker once, in an order that is
/// drawn from (seed, columns, round), as in the paper those of a machine go through its threads.
struct column_routes {
  std::uint32_t workers = 1;
  std::uint32_t columns = 1; ///< parts of the items
  std::uint64_t rounds = 1;
  std::uint64_t seed = 1;

  /// Who has them; nobody after the last round. The same wherever it is asked for.
  [[nodiscard]] std::optional<std::uint32_t> worker_at(const column_visit& stay) const;
};

/// The columns that a worker has: those that wait, those that it works on, and those that go on as soon as every shard
/// has counted what was done with them. Columns are in one such queue at a time, or on their way to one.
class column_queue {
public:
  /// With those that begin their way here.
  column_queue(std::uint32_t worker, const column_routes& routes);

  /// They arrived; what comes twice counts once. Throws protocol_error for what does not belong here.
  void arrive(const column_visit& stay);

  /// Nothing waits.
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  /// Works on those that wait for longest.
  [[nodiscard]] block_turn begin();
  [[nodiscard]] const column_visit& at_work() const { return at_work_; }
  /// That work is in the push with this sequence.
  void end(std::uint64_t sequence) { leaving_.push_back({sequence, at_work_}); }

  /// They go to another worker, or to this one again.
  struct departure {
    std::uint32_t to;
    column_visit stay;
  };
  /// All shards have applied the pushes up to this one.
  [[nodiscard]] std::vector<departure> release(std::uint64_t applied);

private:
  struct done_columns {
    std::uint64_t sequence;
    column_visit stay;
  };

  std::uint32_t worker_;
  column_routes routes_;
  std::deque<column_visit> waiting_;
  column_visit at_work_;
  std::deque<done_columns> leaving_;
  std::vector<std::uint64_t> rounds_seen_; ///< by columns: how many times they were here
};

} // namespace drover

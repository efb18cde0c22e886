#pragma once

#include "drover/actors/core/clocks.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/telemetry.capnp.h"
#include "drover/models/batch.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace drover {

/// Adds up what workers tell of their progress, and says what happened since the last look. Keeps what each told last
/// of those that it waits for.
class progress_meter {
public:
  explicit progress_meter(std::uint32_t workers);

  /// Takes a worker's sums; older ones than those known are ignored. Those of its former lives are added.
  void take(messages::WorkerProgress::Reader progress);
  /// A worker begins with so many steps that it completed earlier: how long the rest takes follows from what comes.
  void begin(std::uint64_t clock) { begun_ += clock; }
  /// A worker was lost: its clock holds nothing back until it is heard of again.
  void lose(std::uint32_t worker);

  /// Fewest steps that a worker has completed, those that left included, those that were lost not.
  [[nodiscard]] std::uint64_t clock_min() const { return clocks_.size() == 0 ? 0 : clocks_.min(); }
  /// Steps that a worker has completed, as it said last.
  [[nodiscard]] std::uint64_t clock_of(std::uint32_t worker) const;
  /// Shards that a worker waits for.
  struct awaited_shards {
    std::vector<std::uint32_t> named;
    std::uint32_t more = 0;
  };
  /// As it said last.
  [[nodiscard]] const awaited_shards& awaited_by(std::uint32_t worker) const { return workers_.at(worker).awaited; }
  /// Workers that were lost and not heard of since, ascending.
  [[nodiscard]] std::vector<std::uint32_t> lost() const;
  /// Steps completed by all workers together.
  [[nodiscard]] std::uint64_t clock_sum() const { return total_.clock; }
  [[nodiscard]] std::uint64_t samples() const { return total_.samples; }
  /// Seconds since the last `fill`.
  [[nodiscard]] double since_last(double now) const { return now - last_time_; }

  /// An epoch is completed: what workers told since the one before was.
  [[nodiscard]] batch_result complete_epoch();

  /// Fills in what this knows of a report, and begins the next span. `steps`: of all workers over the whole job.
  void fill(messages::Progress::Builder progress, double now, std::uint64_t steps);

private:
  struct sums {
    std::uint64_t clock = 0;
    std::uint64_t samples = 0;
    double loss_sum = 0;
    std::uint64_t correct = 0;
    std::uint64_t updates = 0;
    std::uint64_t staleness_sum = 0;
    std::uint64_t staleness_max = 0;
    bool has_classes = true;

    /// One worker's part was `before` and is `now`: looking through all of them at each report would be too slow.
    void replace(const sums& before, const sums& now);
  };
  struct record {
    std::uint64_t epoch = 0; ///< in which this life began
    sums now;
    awaited_shards awaited;
  };

  std::map<std::uint32_t, record> workers_;
  clock_table clocks_; ///< of those that are not lost
  sums total_;         ///< former lives included, of which the clocks count no more
  sums last_;
  std::uint64_t begun_ = 0;   ///< steps that were completed before this began to count
  batch_result before_epoch_; ///< all that workers had told when the epoch before was completed
  double last_time_ = 0;
  double last_loss_ = 0;
  double last_accuracy_ = 0;
};

} // namespace drover

#pragma once

#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/gpu/device.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace drover::test {

/// The gradient that a worker finds at one step: writes layout.flat_size() floats.
using gradient_function = std::function<void(std::uint32_t worker, std::uint64_t clock, const_parameters parameters,
                                             std::span<float> gradient)>;

/// What somebody who stands beside the shards sees; all calls come in the order in which things happen.
struct observer {
  /// A worker was given parameters; `applied[w]` is how many updates of worker w this shard had applied then.
  std::function<void(std::uint32_t shard, std::uint32_t worker, messages::ParametersPulled::Reader answer,
                     const std::vector<std::uint64_t>& applied)>
      on_read;
  std::function<void(std::uint32_t worker, messages::GradientApplied::Reader acknowledgement)> on_applied;
  /// After every event: the clock of every worker that was started.
  std::function<void(const std::vector<std::uint64_t>& clocks)> on_clocks;
  /// A computation begins: what all workers compute now, by worker.
  std::function<void(const std::map<std::uint32_t, compute_gradient>& under_work)> on_work;
};

/// All cores of a job in one thread, with a channel for each pair of members, and a seed that chooses what happens next
/// among all that could. No time passes: timers wait until asked for.
class world {
public:
  world(training_plan plan, gradient_function gradient, std::uint64_t seed);

  observer watched;
  /// Chance that a message between a worker and a shard is delivered twice.
  double duplicates = 0;

  /// Chance that a shard stands still next, is copied while others go on, and goes on in the copy, or as it was.
  double moves = 0;

  /// Runs until nothing can happen. True if the job came to its end.
  bool run();

  /// Makes the next event of a timer; for a job that does not come to its end.
  bool fire_timers(double seconds);

  [[nodiscard]] const finish_job& result() const { return *finished_; }
  /// The model at the end, without padding.
  [[nodiscard]] std::vector<float> parameters() const;

  /// This worker stops doing anything: what it was sent stays unread.
  void freeze(std::uint32_t worker) { frozen_.push_back(worker); }

private:
  struct channel {
    address from;
    address to;
    auto operator<=>(const channel&) const = default;
  };

  bool step();
  void deliver(const channel& where, const protocol_message& what);
  void perform(const address& by, effects&& what);
  void compute(std::uint32_t worker);
  void move(std::uint32_t shard);

  training_plan plan_;
  gradient_function gradient_;
  std::mt19937_64 random_;
  std::unique_ptr<gpu::device> device_;
  coordinator_core coordinator_;
  std::map<std::uint32_t, std::unique_ptr<shard_core>> shards_;
  std::map<std::uint32_t, message<messages::HostShard>> copies_; ///< of shards that stand still, as they begin
  std::map<std::uint32_t, std::unique_ptr<worker_core>> workers_;
  std::map<channel, std::deque<protocol_message>> channels_;
  std::map<std::uint32_t, compute_gradient> computations_;
  std::deque<evaluate_parameters> evaluations_;
  std::vector<set_timer> timers_;
  std::vector<std::uint32_t> frozen_;
  std::map<std::uint32_t, std::vector<std::uint64_t>> applied_; ///< by shard, by worker
  std::optional<finish_job> finished_;
  double now_ = 0;
};

} // namespace drover::test

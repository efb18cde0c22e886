#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/models/layout.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// Every decision of a worker: when to pull, when to compute, when to push, when it is done. No clock, no thread, no
/// I/O: the computation is an effect, so that nothing here waits. An event in, effects out; used by one thread at a
/// time.
///
///     start --> pulling --(every shard answered)--> computing --(gradient_computed)--> pushing --+
///                  ^                                                                            | credits left
///                  +----------------------------------------------------------------------------+
///     last step, or StopTraining --> draining --(every push acknowledged)--> left
///
/// With `prefetch` the pull for the next step goes out when the computation starts, and pulling and computing overlap.
class worker_core {
public:
  worker_core(const message<messages::StartWorker>& assignment, std::shared_ptr<const parameter_layout> layout);

  /// The first effects; once.
  [[nodiscard]] effects start();
  [[nodiscard]] effects handle(const message<messages::ParametersPulled>& answer);
  [[nodiscard]] effects handle(const message<messages::GradientApplied>& acknowledgement);
  [[nodiscard]] effects handle(const message<messages::StopTraining>& request);
  [[nodiscard]] effects handle(const gradient_computed& computed);
  [[nodiscard]] effects handle(const computation_failed& failure);

  /// Steps completed.
  [[nodiscard]] std::uint64_t clock() const { return clock_; }

private:
  struct shard_record {
    std::vector<std::uint32_t> blocks; ///< indices into the layout, ascending
    std::uint64_t sequence = 0;        ///< of the last push
    std::uint64_t acknowledged = 0;    ///< last sequence acknowledged
  };
  // The answers to one pull, as far as they are there; one slot a shard.
  struct gathered_pull {
    std::uint64_t clock;
    std::vector<message<messages::ParametersPulled>> answers;
    std::vector<std::uint64_t> versions;
    std::vector<const float*> blocks; ///< by index in the layout
    std::size_t missing;
  };
  enum class activity { pulling, computing, pushing, draining, left };

  void request_parameters(std::uint64_t clock, effects& out);
  void compute_if_ready(effects& out);
  void push_if_credits(effects& out);
  void push_to(std::uint32_t shard, const gradient_computed& computed, std::uint64_t version, effects& out);
  void leave_if_drained(effects& out);
  void report_progress(effects& out) const;
  [[nodiscard]] bool wants_more() const { return !stopping_ && clock_ < steps_; }
  [[nodiscard]] effects fail(messages::MemberFailed::Cause cause, const std::string& sentence);
  template <class Handler>
  [[nodiscard]] effects guarded(Handler handler);

  std::uint32_t index_;
  std::shared_ptr<const parameter_layout> layout_;
  std::uint64_t epoch_;
  std::uint64_t clock_;
  std::uint64_t steps_;
  std::uint64_t steps_per_epoch_;
  std::uint64_t steps_per_report_;
  std::uint64_t push_credits_;
  bool prefetch_;

  activity doing_ = activity::pulling;
  bool stopping_ = false;
  std::vector<shard_record> shards_;
  std::deque<gathered_pull> pulls_;         ///< front: for the step that is computed next
  std::vector<std::uint64_t> versions_;     ///< of the parameters under computation, one a shard
  std::optional<gradient_computed> unsent_; ///< waits for credits

  batch_result sums_;
  std::uint64_t updates_ = 0;
  std::uint64_t staleness_sum_ = 0;
  std::uint64_t staleness_max_ = 0;
};

} // namespace drover

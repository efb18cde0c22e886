#pragma once

#include "drover/actors/core/column_queue.hpp"
#include "drover/actors/core/effect.hpp"
#include "drover/actors/core/retry.hpp"
#include "drover/actors/core/sent_rows.hpp"
#include "drover/actors/core/stratum_order.hpp"
#include "drover/models/layout.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// Every decision of a worker: when to pull, when to compute, when to push, what to repeat, when it is done. No clock,
/// no thread, no I/O: the time of each event comes with it, in seconds since any fixed moment, and the computation is
/// an effect, so that nothing here waits. An event in, effects out; used by one thread at a time.
///
///     joining --StartWorker--> pulling --(every shard answered)--> computing --(gradient_computed)--> pushing --+
///        ^                       ^                                                                              |
///        credits | +------------------------------------------------------------------------------+ left
///        +--Dismiss-- (any of these)
///     last step, or StopTraining --> draining --(every push acknowledged)--> leaving --Dismiss--> left
///     what cannot go on, whenever --------------------------------------> leaving
///
/// Where the model has sparse tables a pull begins with the list of the rows that its step needs.
/// With nomad computing waits for columns, too, which other workers pass on when they have no use for them.
///
/// With `prefetch` the pull for the next step goes out when the computation starts, and pulling and computing overlap.
class worker_core {
public:
  /// One that begins as a member. Throws protocol_error and what parsing a job can throw.
  worker_core(const message<messages::StartWorker>& assignment, std::shared_ptr<const parameter_layout> layout);
  /// One that asks to become a member. `life` tells it from others with this index, before and after.
  worker_core(std::uint32_t index, std::uint64_t life, std::shared_ptr<const parameter_layout> layout);

  /// The first effects; once.
  [[nodiscard]] effects start(double now);
  [[nodiscard]] effects handle(const message<messages::StartWorker>& assignment, double now);
  [[nodiscard]] effects handle(const message<messages::ParametersPulled>& answer, double now);
  [[nodiscard]] effects handle(const message<messages::GradientApplied>& acknowledgement, double now);
  [[nodiscard]] effects handle(const message<messages::PassColumns>& pass, double now);
  [[nodiscard]] effects handle(const message<messages::LeaseSlices>& lease, double now);
  [[nodiscard]] effects handle(const message<messages::StopTraining>& request, double now);
  [[nodiscard]] effects handle(const message<messages::Dismiss>& dismissal, double now);
  [[nodiscard]] effects handle(const rows_listed& listed, double now);
  [[nodiscard]] effects handle(const listing_failed& failure, double now);
  [[nodiscard]] effects handle(const gradient_computed& computed, double now);
  [[nodiscard]] effects handle(const computation_failed& failure, double now);
  [[nodiscard]] effects handle(const shard_moved& where, double now);
  [[nodiscard]] effects handle(const timer_fired& timer, double now);

  /// Steps completed.
  [[nodiscard]] std::uint64_t clock() const { return clock_; }

private:
  // A push that is not acknowledged; kept to be repeated.
  struct open_push {
    std::uint64_t sequence;
    message<messages::PushGradient> what;
    double sent;
    std::vector<signed_keys> keys = {}; ///< left out of the message, for the shard knows them
    bool is_repeated = false;
  };
  struct shard_record {
    std::vector<std::uint32_t> blocks;          ///< indices into the layout, ascending
    std::uint64_t sequence = 0;                 ///< of the last push
    std::deque<open_push> open;                 ///< by sequence
    retry repeat;                               ///< of those
    std::vector<std::uint64_t> signatures = {}; ///< of the keys that it was asked for last, where it answered
  };
  // The answers to one pull, as far as they are there; one slot a shard.
  struct gathered_pull {
    std::uint64_t clock;
    std::vector<message<messages::ParametersPulled>> answers;
    std::vector<std::uint64_t> versions;
    std::vector<const float*> blocks; ///< by index in the layout
    std::size_t missing;
    double sent;
    std::vector<message<messages::PullParameters>> requests; ///< one a shard; none before its rows are listed
    retry repeat;
    slice_lease lease = {};                             ///< of the step's samples
    std::vector<row_keys> keys = {};                    ///< one list a key space
    std::vector<std::vector<signed_keys>> keys_of = {}; ///< their parts by shard
    std::vector<std::vector<const float*>> rows = {};   ///< answered, by shard and table
  };
  // Gradients of rows, by shard and by table.
  using split_rows = std::vector<std::vector<shared_bulk>>;
  // Pieces of memory for rows that were let go of, kept for the next.
  static constexpr std::size_t rows_kept = 32;
  enum class activity { joining, pulling, computing, pushing, draining, leaving, left };

  void adopt(messages::StartWorker::Reader assignment);
  void adopt(messages::LeaseSlices::Reader lease);
  void ask_to_join(effects& out) const;
  void request_parameters(std::uint64_t clock, effects& out);
  void compute_if_ready(effects& out);
  [[nodiscard]] std::optional<block_turn> next_block();
  void pass_columns(effects& out);
  void repeat_unanswered(effects& out);
  void repeat_pull(const gathered_pull& pull, std::uint32_t shard, effects& out) const;
  void repeat_pushes(std::uint32_t shard, effects& out);
  void push_if_credits(effects& out);
  void push_to(std::uint32_t shard, const gradient_computed& computed, std::uint64_t version,
               const std::vector<shared_bulk>& rows, effects& out);
  // Rows of sparse tables; nothing where there are none.
  [[nodiscard]] std::size_t shards_with_rows(messages::Job::Reader job, std::size_t placed) const;
  void check_answered_rows(messages::ParametersPulled::Reader answer, gathered_pull& pull);
  [[nodiscard]] std::vector<shared_bulk> gather_rows(const gathered_pull& pull);
  [[nodiscard]] split_rows split(const gradient_computed& computed);
  void leave_if_drained(effects& out);
  void begin_leaving(protocol_message farewell, effects& out);
  /// Who owes this worker an answer for long.
  [[nodiscard]] std::vector<std::uint32_t> awaited_shards() const;
  void report_progress(effects& out);
  [[nodiscard]] bool wants_more() const { return !stopping_ && clock_ < steps_; }
  [[nodiscard]] effects fail(messages::MemberFailed::Cause cause, const std::string& sentence);
  template <class Handler>
  [[nodiscard]] effects guarded(double now, Handler handler);

  std::uint32_t index_;
  std::uint64_t life_ = 0;
  std::shared_ptr<const parameter_layout> layout_;
  std::uint64_t epoch_ = 0; ///< in which it joined
  std::uint64_t clock_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t steps_per_epoch_ = 1;
  std::uint64_t steps_per_report_ = 1;
  std::uint64_t push_credits_ = 1;
  std::uint32_t workers_ = 1; ///< of the job
  slice_lease lease_;
  std::uint64_t lease_number_ = 0;
  bool prefetch_ = false;
  bool in_place_ = false;               ///< parameters are changed where the shards keep them
  std::optional<stratum_order> strata_; ///< dsgd
  std::optional<column_queue> columns_; ///< nomad

  double now_ = 0; ///< of the event that is handled
  activity doing_ = activity::joining;
  bool stopping_ = false;
  std::vector<shard_record> shards_;
  std::deque<gathered_pull> pulls_;               ///< front: for the step that is computed next
  std::vector<std::uint64_t> versions_;           ///< of the parameters under computation, one a shard
  std::vector<row_keys> keys_;                    ///< of the rows under computation, one list a key space
  std::vector<std::vector<signed_keys>> keys_of_; ///< their parts by shard
  bulk_pool rows_{rows_kept};
  std::optional<gradient_computed> unsent_; ///< waits for credits

  std::optional<protocol_message> farewell_; ///< leaving: repeated until understood
  answer_time applied_after_;
  bool reported_ = false; ///< since the last tick

  batch_result sums_;
  std::uint64_t updates_ = 0;
  std::uint64_t staleness_sum_ = 0;
  std::uint64_t staleness_max_ = 0;
};

} // namespace drover

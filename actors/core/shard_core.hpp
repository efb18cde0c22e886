#pragma once

#include "drover/actors/core/block_store.hpp"
#include "drover/actors/core/clocks.hpp"
#include "drover/actors/core/effect.hpp"
#include "drover/actors/core/held_messages.hpp"
#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/key_lists.hpp"
#include "drover/actors/core/lent_memory.hpp"
#include "drover/actors/core/parked_pulls.hpp"
#include "drover/actors/core/row_store.hpp"
#include "drover/actors/core/scattered_floats.hpp"
#include "drover/actors/core/staleness.hpp"
#include "drover/messages/shard_state.capnp.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace drover {

/// Every decision of a parameter shard: who may read now, what is applied when, what was applied already. No clock, no
/// thread, no I/O. An event in, effects out; used by one thread at a time.
///
///     PullParameters --> may read?   --yes--> ParametersPulled
///                            | no
///                          parked    --(a clock advances, a member joins or leaves)--> may read?
///     PushGradient   --> seen before? --yes, applied--> GradientApplied again
///                            | no
///                          ssp, asp: applied at once ----------> GradientApplied
///                          bsp: kept until the clock is complete, applied in worker order --> GradientApplied each
///
/// Messages may be lost, doubled or overtaken; workers repeat what is not answered. A message that breaks the protocol
/// becomes MemberFailed to the coordinator, and nothing changes.
class shard_core {
public:
  /// `device` does the arithmetic and must outlive the core. Throws what parsing a job can throw.
  shard_core(const message<messages::HostShard>& assignment, std::shared_ptr<const parameter_layout> layout,
             gpu::device& device);

  [[nodiscard]] effects handle(const message<messages::PullParameters>& pull);
  [[nodiscard]] effects handle(const message<messages::PushGradient>& push);
  [[nodiscard]] effects handle(const message<messages::ChangeMembership>& change);
  [[nodiscard]] effects handle(const message<messages::TakeSnapshot>& request);
  [[nodiscard]] effects handle(const message<messages::TakeReport>& request);

  // To another process. One that stands still neither takes in nor says anything, and its workers ask in vain.

  /// Stands still, and forgets what is not part of its parameters yet: its workers repeat that.
  void freeze();
  /// Goes on.
  void thaw();
  /// What it holds while it stands still: first this, then its values, a piece at a time. Throws protocol_error where
  /// there are none from `first` on.
  [[nodiscard]] message<messages::ShardState> state() const;
  [[nodiscard]] message<messages::ShardValues> values(std::uint64_t first) const;
  /// Takes the place of another: stands still, with what that one held. It may go on when no value is missing. Throws
  /// protocol_error, and must not be used then, or kj::Exception.
  void restore(const message<messages::ShardState>& from);
  void restore(const message<messages::ShardValues>& piece);
  /// The next that is to come.
  [[nodiscard]] std::optional<std::uint64_t> missing_value() const;

  /// In place: its blocks, for workers of this process to change them.
  [[nodiscard]] std::vector<lent_place> lend_in_place() { return store_.lend_in_place(); }

  /// Updates applied so far.
  [[nodiscard]] std::uint64_t version() const { return version_; }

private:
  // What one worker read for one step; kept only where the compensation needs it.
  struct backup {
    std::uint64_t clock;
    std::uint64_t version;
    std::vector<lent_block> blocks;
  };
  // A push that was checked. The message keeps the memory of the gradients alive.
  struct accepted_push {
    message<messages::PushGradient> source;
    std::uint32_t worker;
    std::uint64_t joined;
    std::uint64_t sequence;
    std::uint64_t clock;
    std::uint64_t version;
    std::uint32_t columns;
    std::vector<const float*> gradients; ///< one a block of this shard
    key_lists keys;
    std::vector<const float*> rows; ///< gradients, one list a table
  };
  // Sequences belong to a life; what is counted for reports goes on over all lives.
  struct worker_record {
    std::uint64_t joined = 0;   ///< epoch in which this life began
    std::uint64_t accepted = 0; ///< last sequence taken in
    std::uint64_t applied = 0;  ///< last sequence that is part of the parameters
    std::uint64_t repeated = 0;
    std::uint64_t rows_applied = 0; ///< last sequence whose rows are, where they do not wait for the rest
    std::map<std::uint64_t, std::uint64_t> rows_read; ///< then: by step, pushes whose rows were part of the answer
    std::uint64_t clock_seen = 0;                     ///< steps completed when membership last changed
    message<messages::GradientApplied> last_acknowledgement;
    staleness_histogram staleness;
    std::vector<backup> backups;
    recent_keys keys;

    void forget_reads() {
      rows_read.clear();
      backups.clear();
      keys.clear();
    }
  };

  void adopt_members(messages::ChangeMembership::Reader change);
  void begin_life(std::uint32_t worker, std::uint64_t joined);
  [[nodiscard]] message<messages::MembershipAdopted> adopted() const;
  [[nodiscard]] bool may_read(const pull_request& pull) const;
  void take_pull(const message<messages::PullParameters>& pull, effects& out);
  void take_push(const message<messages::PushGradient>& push, effects& out);
  [[nodiscard]] accepted_push check_push(const message<messages::PushGradient>& push,
                                         const worker_record& record) const;
  /// Whether it is known which rows the pull is about; the same of a push, whose rows are filled in.
  [[nodiscard]] bool take_keys(const pull_request& request, const message<messages::PullParameters>& pull);
  [[nodiscard]] bool find_rows(accepted_push& push, worker_record& record) const;
  [[nodiscard]] recent_keys::limits allowed_keys() const { return {*layout_, index_, shards_of_job_}; }
  void answer(const pull_request& pull, effects& out);
  /// After a push of `pushed`, or anything else. Whether one may read depends on the slowest and on its own clock
  /// alone.
  void answer_parked(std::optional<std::uint32_t> pushed, effects& out);
  void apply_alone(const accepted_push& push, effects& out);
  void apply_complete_windows(effects& out);
  void apply_window(std::vector<accepted_push>& window, effects& out);
  /// Updates so far of what a push changes: of its columns alone, where they have versions.
  [[nodiscard]] std::uint64_t version_of(std::uint32_t columns) const {
    return column_versions_.empty() ? version_ : column_versions_.at(columns);
  }
  /// When it is applied.
  [[nodiscard]] std::uint64_t checked_staleness(const accepted_push& push) const;
  void acknowledge(const accepted_push& push, std::uint64_t staleness, effects& out);
  [[nodiscard]] std::vector<lent_block> take_backup(worker_record& record, std::uint64_t clock) const;
  /// Blocks that a message of this shard or of a worker carries.
  [[nodiscard]] std::span<const std::uint32_t> carried() const;
  [[nodiscard]] std::size_t carried_bytes(const key_lists& keys) const;
  void put_rows(const key_lists& keys, message_builder<messages::ParametersPulled>& into);
  void put_all_rows(message_builder<messages::SnapshotTaken>& into) const;
  void apply_rows(std::span<const accepted_push> pushes, float learning_rate);
  /// Of one push that others wait for, its rows do not.
  void apply_rows_alone(const accepted_push& push, worker_record& record);
  [[nodiscard]] std::vector<lent_block> lend_carried();
  /// All blocks as they are now; in place copies, for workers go on writing.
  [[nodiscard]] std::vector<lent_block> lend_snapshot();
  template <class T>
  void put(const std::vector<lent_block>& lent, message_builder<T>& into) const;
  void restore_tables(capnp::List<messages::TableState>::Reader tables);
  /// No value is missing: tables find their rows, which have to be this shard's.
  void adopt_if_complete();
  void check_restored(std::size_t table) const;
  [[nodiscard]] message<messages::ShardReport> report() const;
  [[nodiscard]] effects fail(const std::string& sentence) const;
  template <class Handler>
  [[nodiscard]] effects guarded(Handler handler);

  std::uint32_t index_;
  std::shared_ptr<const parameter_layout> layout_;
  std::vector<std::uint32_t> blocks_;
  job_rules rules_;
  std::uint64_t push_credits_;
  std::uint32_t workers_of_job_;
  std::uint32_t shards_of_job_;
  block_store store_;
  row_store rows_;

  std::uint64_t epoch_ = 0;
  clock_table clocks_;
  std::uint64_t clock_min_answered_ = 0; ///< slowest clock when parked pulls were last looked through
  std::uint64_t clock_floor_ = 0;        ///< steps that every member had completed at the last change of members
  std::uint64_t members_max_ = 0;        ///< most members at once so far: what the staleness bound is made for
  std::uint64_t version_ = 0;
  std::vector<std::uint64_t> column_versions_;                  ///< nomad: by part of the items
  std::map<std::uint64_t, std::vector<accepted_push>> windows_; ///< bsp: pushes of the clocks that are not complete
  std::map<std::uint32_t, worker_record> workers_;
  parked_pulls parked_;
  // Of an epoch that this shard does not know yet.
  held_messages<messages::PullParameters> held_pulls_;
  held_messages<messages::PushGradient> held_pushes_;

  std::uint64_t pulls_ = 0;
  std::uint64_t bytes_pulled_ = 0;
  std::uint64_t bytes_pushed_ = 0;
  std::uint64_t updates_watched_ = 0;
  std::uint64_t updates_lost_ = 0;
  std::uint64_t rows_pushes_ = 0; ///< whose rows did not wait
  std::uint64_t row_staleness_max_ = 0;

  bool frozen_ = false;
  // In the place of another: where its values go, and how many of them have come.
  struct restoring {
    scattered_floats<float> into;
    std::uint64_t next = 0;
  };
  std::optional<restoring> restoring_;
};

} // namespace drover

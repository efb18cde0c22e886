#pragma once

#include "drover/actors/core/assignments.hpp"
#include "drover/actors/core/effect.hpp"
#include "drover/actors/core/job_summary.hpp"
#include "drover/actors/core/progress_meter.hpp"
#include "drover/actors/core/retry.hpp"
#include "drover/actors/core/slice_leases.hpp"
#include "drover/actors/core/snapshot_gathering.hpp"
#include "drover/actors/core/training_plan.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace drover {

/// Every decision of a job's coordinator: who is started with what, who is a member, when parameters are tested, when
/// the job is over and how it ended. No clock, no thread, no I/O: the time of each event comes with it, in seconds
/// since the job began. An event in, effects out; used by one thread at a time.
///
/// Workers come and go while training: one that is silent for too long is taken for dead, and one that asks to join
/// does so at a clock that no shard has passed. A shard may go on in another place: it stands still while it is copied,
/// which is to its workers as if it was slow. A coordinator that dies does not take the parameters with it: another
/// may `resume` with the shards that it left behind.
///
///     start --> training --(every worker left)--------------> closing --(reports, snapshot, test)--> finished
///                  |                                             ^
///                  +--(stop requested)--> workers leave early ---+
///                  +--(member failed or died, nothing progresses)+
///
/// `closing` waits for nobody in particular: where nothing that it waits for comes for a while, that is left out, and a
/// job that had not failed yet has for that.
class coordinator_core {
public:
  /// `replaces_workers`: places are found for those that are lost, but for one that takes turns with its shard.
  /// Otherwise a lost worker comes back by itself, or not at all.
  explicit coordinator_core(training_plan plan, bool replaces_workers = false);

  /// The first effects; once.
  [[nodiscard]] effects start(double now);
  /// The same for one that goes on where another ended. The shards live and hold what they held; none of the workers
  /// does, and each begins again where it was.
  [[nodiscard]] effects resume(double now);
  [[nodiscard]] effects handle(const message<messages::WorkerProgress>& progress, double now);
  [[nodiscard]] effects handle(const message<messages::SnapshotTaken>& snapshot, double now);
  [[nodiscard]] effects handle(const message<messages::ShardReport>& report, double now);
  [[nodiscard]] effects handle(const message<messages::MembershipAdopted>& adopted, double now);
  [[nodiscard]] effects handle(const message<messages::JoinTraining>& request, double now);
  [[nodiscard]] effects handle(const message<messages::WorkerLeft>& left, double now);
  [[nodiscard]] effects handle(const message<messages::MemberFailed>& failure, double now);
  [[nodiscard]] effects handle(const evaluated& result, double now);
  [[nodiscard]] effects handle(const evaluation_failed& failure, double now);
  [[nodiscard]] effects handle(const evaluation_progressed& news, double now);
  [[nodiscard]] effects handle(const member_down& down, double now);
  [[nodiscard]] effects handle(const place_found& place, double now);
  [[nodiscard]] effects handle(const place_missing& place, double now);
  /// Nothing where it is no member, or nobody may find it a place.
  [[nodiscard]] effects handle(const worker_moves& move, double now);
  /// Nothing where it cannot move now: it is dead or moves already, the job ends, or another coordinator was followed a
  /// moment ago.
  [[nodiscard]] effects handle(const shard_moves& move, double now);
  [[nodiscard]] effects handle(const shard_copied& move, double now);
  [[nodiscard]] effects handle(const shard_not_copied& move, double now);
  [[nodiscard]] effects handle(const shard_replaced& move, double now);
  [[nodiscard]] effects handle(const noted& what, double now);
  [[nodiscard]] effects handle(const timer_fired& timer, double now);
  [[nodiscard]] effects handle(const stop_requested& request, double now);

  /// Nobody trains any more, or soon.
  [[nodiscard]] bool ends() const { return stage_ != stage::training || stopping_; }

  /// Fills in what this knows of a view: not who is where. The effects ask for what the next one shall know.
  [[nodiscard]] effects look(messages::JobView::Builder view) const;

private:
  // How long to wait for an answer before it is asked for again.
  static constexpr double answer_wait_seconds = 2;
  // How long a worker that was started in another place may take to ask for its part, and how long the end of a job
  // waits for a place.
  static constexpr double place_wait_seconds = 30;
  // A worker that is silent for so long, and for 3 times its longest silence before, is called slow.
  static constexpr double slow_seconds = 10;

  enum class stage { training, closing, finished };
  // Parameters on their way from the shards to the test.
  struct tested_snapshot {
    std::uint64_t request = 0;
    std::uint32_t epoch = 0;
    bool last = false;    ///< nobody trains any more: this is what the job hands over
    batch_result trained; ///< training loss of that epoch
    model_snapshot parameters;
    std::optional<batch_result> result;
  };

  /// What `handler` does with a message; one that it cannot read, or refuses, ends the job with a sentence.
  [[nodiscard]] effects guarded(double now, const std::function<void(effects&)>& handler);
  void set_first_timers(effects& out) const;
  void tell_shards(const protocol_message& what, effects& out) const;
  void tell_workers_to_stop(effects& out) const;
  void take_snapshot(double now, effects& out);
  void test_gathered(double now, effects& out);
  void lose_worker(std::uint32_t worker, const std::string& why, double now, effects& out);
  /// What a worker that is a member no more leaves behind.
  void give_up_place(std::uint32_t worker, double now, effects& out);
  void note(double now, std::string sentence);
  [[nodiscard]] bool looks_for_places() const { return replaces_workers() && stage_ == stage::training && !stopping_; }
  [[nodiscard]] bool replaces_workers() const { return finds_places_ && !one_thread_; }
  void look_for_places(double now, effects& out);
  /// `farewell`: in answer to one.
  void dismiss(std::uint32_t worker, std::uint64_t epoch, effects& out, bool farewell = false) const;
  void change_members(double now, effects& out);
  /// Every shard has said where it stands.
  void take_over(double now, effects& out);
  void start_ready(double now, effects& out);
  void close_if_left(double now, effects& out);
  /// Endless where silence says nothing.
  [[nodiscard]] double silence_seconds() const;
  void look_for_silent(double now, effects& out);
  void repeat_unanswered(double now, effects& out);
  /// The first cause is what people need; what follows from it is not.
  void blame(messages::Summary::Outcome outcome, const std::string& sentence);
  [[nodiscard]] bool failed() const {
    return outcome_ == messages::Summary::Outcome::FAILED || outcome_ == messages::Summary::Outcome::DIVERGED;
  }
  void fail(messages::Summary::Outcome outcome, const std::string& sentence, double now, effects& out);
  void close(double now, effects& out);
  void set_closing_timer(effects& out);
  [[nodiscard]] double closing_seconds() const;
  /// Then nobody is blamed for waiting.
  [[nodiscard]] bool copies_shards() const;
  void give_up_closing(effects& out);
  void give_up_snapshot();
  void finish_if_complete(effects& out);
  void look_for_stall(double now, effects& out);
  /// `tested`: what an epoch's line is about; null for a line between epochs.
  void report_progress(double now, const tested_snapshot* tested, effects& out);
  [[nodiscard]] std::optional<std::uint64_t> staleness_bound() const;
  [[nodiscard]] message<messages::Summary> summary() const;

  training_plan plan_;
  stage stage_ = stage::training;
  bool stopping_ = false;
  bool resumed_ = false;
  bool taking_over_ = false;            ///< some shard has not said where it stands
  std::set<std::uint32_t> not_spawned_; ///< resumed: workers that shards do not know yet
  messages::Summary::Outcome outcome_ = messages::Summary::Outcome::COMPLETED;
  std::string sentence_;

  membership members_;
  slice_leases leases_;
  bool anyone_done_ = false; ///< with all of its steps
  std::uint32_t lost_ = 0;   ///< workers taken for dead
  std::uint32_t joined_ = 0; ///< workers that joined later
  std::uint32_t moved_ = 0;  ///< workers that went elsewhere on request
  std::vector<happening> happenings_;
  std::uint32_t happenings_more_ = 0;
  bool finds_places_;
  bool one_thread_; ///< the worker is a part of its shard
  // A worker that was lost and has no new place yet, or did not speak from there.
  struct homeless_worker {
    double since = 0;
    double look_again = 0; ///< endless while an answer is waited for
  };
  std::map<std::uint32_t, homeless_worker> homeless_;
  std::set<std::uint32_t> slow_;   ///< silent for long, and not lost
  std::set<std::uint32_t> shards_; ///< that live
  enum class stage_of_move { copying, replacing };
  std::map<std::uint32_t, stage_of_move> moving_; ///< shards that stand still
  message<messages::ChangeMembership> change_;    ///< to the current epoch; what changed since belongs to the next
  // What is repeated until it is answered.
  retry change_repeat_;
  retry snapshot_repeat_;
  retry report_repeat_;
  std::uint32_t epochs_completed_ = 0;
  batch_result trained_; ///< training loss of the epoch completed last
  progress_meter meter_;
  message<messages::Progress> last_progress_; ///< empty before the first
  double training_seconds_ = 0;
  std::uint32_t closing_timer_ = 0;  ///< the one set last; others mean nothing any more
  bool heard_while_closing_ = false; ///< since it was set

  // One snapshot at a time: wanted, then gathered from the shards, then tested.
  std::uint64_t requests_ = 0;
  bool snapshot_wanted_ = false;
  bool last_snapshot_missing_ = false;
  std::optional<snapshot_gathering> gathering_;
  std::optional<tested_snapshot> testing_; ///< gathered or tested at the moment
  std::optional<tested_snapshot> last_good_;

  std::map<std::uint32_t, message<messages::ShardReport>> reports_;
  std::set<std::uint32_t> reports_missing_;
  std::uint64_t activity_seen_ = 0; ///< clocks and versions at the last look for a stall
  int quiet_looks_ = 0;
};

} // namespace drover

#pragma once

#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/actors/sim/assign_members.hpp"
#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/compute_model.hpp"
#include "drover/actors/sim/event_queue.hpp"
#include "drover/actors/sim/faults.hpp"
#include "drover/actors/sim/fingerprint.hpp"
#include "drover/actors/sim/network.hpp"
#include "drover/actors/sim/objective.hpp"
#include "drover/actors/sim/shared_cores.hpp"
#include "drover/gpu/device.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <variant>
#include <vector>

namespace drover::sim {

/// A job on a simulated cluster: the production cores under virtual time, one event after the other. The same plan,
/// cluster, objective and seed give the same bits. All state is in the object: several can run in one process, each in
/// one thread.
///
/// Where time goes: a gradient takes what the compute model draws, though it is computed at once; a message takes what
/// the network says, then waits until its receiver has worked off what came before; both get a share of the machine's
/// cores. A worker and a shard that share a thread in production send each other messages in no time; crashed machines
/// lose what they held, paused ones keep it waiting. A machine that comes back starts its workers with empty hands,
/// once it is not paused; a shard does not come back.
class world {
public:
  /// Throws std::invalid_argument, with a sentence, where the cluster cannot hold the job's members.
  world(training_plan plan, const cluster& on, objective& what, std::uint64_t seed);

  /// Called with each report of the coordinator's.
  std::function<void(messages::Progress::Reader)> on_progress;
  /// `one` must outlive the world.
  void watch(checker& one) { checkers_.push_back(&one); }

  /// Runs until the job is over, so long in virtual time has passed, somebody wants it to stop, or the coordinator's
  /// machine crashed. True where the job is over; else it may be called again. Throws what a checker throws.
  bool run(double seconds_max, const std::stop_token& stop = {});
  /// Asks for an early end, as a user would: workers finish the steps under way. Then run on. A coordinator on a paused
  /// machine hears of it when the pause ends.
  void request_stop();

  [[nodiscard]] const finish_job& result() const { return *finished_; }
  /// Of all that happened so far, in its order, and of the parameters handed over.
  [[nodiscard]] std::uint64_t fingerprint_value() const { return fingerprint_.value(); }
  [[nodiscard]] nanoseconds now() const { return now_; }
  /// Events handled.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// What the steps that a worker completed take on a core of their own: waiting for a core, and pauses, are not in it.
  [[nodiscard]] nanoseconds computed(std::uint32_t worker) const { return workers_.at(worker).computed; }
  /// A coordinator that crashed does not come back, and without it no job ends.
  [[nodiscard]] bool has_coordinator() const { return coordinator_host_.is_up; }
  /// For how long the coordinator's machine has been paused by now.
  [[nodiscard]] nanoseconds coordinator_paused() const;
  [[nodiscard]] const network::counts& traffic() const { return network_.counted(); }

private:
  /// Which kind of event the fingerprint speaks of.
  enum class mark : std::uint64_t { arrival = 1, computed, timer, tested, fault };

  struct arrival {
    address to;
    protocol_message what;
  };
  struct host {
    address who;
    std::uint32_t machine = 0;
    bool is_up = false;
    std::uint32_t life = 0;
    bool is_handling = false;        ///< a message: it works off one after the other
    std::list<arrival> waiting = {}; ///< for that
  };
  struct shard_host : host {
    std::unique_ptr<shard_core> core;
  };
  struct worker_host : host {
    worker_host(std::uint64_t seed, std::uint32_t index) : draws(seed, "compute", index) {}
    std::unique_ptr<worker_core> core;
    random_stream draws;
    std::uint64_t computation = 0; ///< number of the one under way
    bool is_computing = false;
    nanoseconds computation_takes = 0;
    nanoseconds computed = 0; ///< before that
  };
  struct computation_over {
    std::uint32_t worker;
    std::uint64_t computation;
    std::variant<gradient_computed, computation_failed> answer;
  };
  struct timer {
    address who;
    std::uint32_t life;
    timer_fired what;
  };
  struct test_over {
    std::variant<evaluated, evaluation_failed> answer;
  };
  /// The machine's cores may be done with something.
  struct work_over {
    std::uint32_t machine;
  };
  using event = std::variant<std::monostate, arrival, work_over, timer, test_over, stop_requested, fault_event>;
  /// Handling a message, or computing a gradient.
  using work = std::variant<std::monostate, arrival, computation_over>;

  struct machine_state {
    explicit machine_state(std::uint32_t count) : cores(count) {}
    shared_cores<work> cores;
    std::uint32_t workers = 0;            ///< placed here
    nanoseconds looks_next = end_of_time; ///< when a work_over will come
    std::uint32_t pauses = 0;
    nanoseconds paused_since = 0;
    bool starts_late = false;   ///< it came back while it was paused: its workers start when that ends
    std::vector<event> waiting; ///< what came while it was paused
  };

  [[nodiscard]] host& host_of(const address& who);
  /// Whose messages are worked off one after the other with those to `who`.
  [[nodiscard]] host& handler_of(const address& who);
  [[nodiscard]] double seconds() const { return static_cast<double>(now_) / 1e9; }
  [[nodiscard]] nanoseconds work_of(const host& by, const protocol_message& what) const;
  /// Who an event is for; nobody for faults.
  [[nodiscard]] static std::optional<address> receiver(const event& what);

  void happen(event&& what);
  void take(arrival&& what);
  void handle_next(host& by);
  void take(work_over what);
  void begin(std::uint32_t machine, nanoseconds length, work&& what);
  void look_for_end_of_work(std::uint32_t machine);
  void finish(arrival&& what);
  void finish(computation_over&& what);
  void take(const timer& what);
  void take(const test_over& what);
  void take(const stop_requested& what);
  void take(const fault_event& what);
  void deliver(host& to, const protocol_message& what);
  void crash(std::uint32_t machine);
  void restart(std::uint32_t machine);
  void start_workers(std::uint32_t machine);
  void perform(const address& by, effects&& what);
  void transmit(const address& from, send&& letter);
  void compute(worker_host& by, compute_gradient&& request);
  void start(const spawn_shard& wanted);
  void start(const spawn_worker& wanted);
  void handled(const address& who);

  training_plan plan_;
  cluster cluster_;
  objective& objective_;
  member_machines places_;
  network network_;
  fault_plan faults_;
  std::unique_ptr<gpu::device> device_;
  coordinator_core coordinator_;
  bool one_thread_; ///< the worker and the shard are one member, as takes_turns says
  host coordinator_host_;
  std::vector<shard_host> shards_;
  std::vector<worker_host> workers_;
  std::vector<machine_state> machines_;
  std::vector<checker*> checkers_;
  event_queue<event> queue_;
  fingerprint fingerprint_;
  nanoseconds now_ = 0;
  std::uint64_t events_ = 0;
  bool begun_ = false;
  std::optional<finish_job> finished_;
};

} // namespace drover::sim

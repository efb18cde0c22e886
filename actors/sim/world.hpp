#pragma once

#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/evacuation.hpp"
#include "drover/actors/core/node_roster.hpp"
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
#include "drover/actors/sim/random.hpp"
#include "drover/actors/sim/replacement.hpp"
#include "drover/actors/sim/shared_cores.hpp"
#include "drover/gpu/device.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
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
/// once it is not paused; a shard does not come back. With `replacement` workers do not come back with their machine:
/// they get new processes on others. With `takeover` as well coordinators die, and others go on with the shards.
class world {
public:
  /// Throws std::invalid_argument, with a sentence, where the cluster cannot hold the job's members.
  world(training_plan plan, const cluster& on, objective& what, std::uint64_t seed, replacement places = {});

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
  [[nodiscard]] nanoseconds computed(std::uint32_t worker) const { return workers_.at(speakers_.at(worker)).computed; }
  /// Now, or soon. A coordinator that crashed with its machine does not come back, and without it no job ends.
  [[nodiscard]] bool has_coordinator() const { return coordinator_host_.is_up || is_taken_over_; }
  /// For how long the coordinator's machine has been paused by now.
  [[nodiscard]] nanoseconds coordinator_paused() const;
  [[nodiscard]] const network::counts& traffic() const { return network_.counted(); }

private:
  /// Which kind of event the fingerprint speaks of.
  enum class mark : std::uint64_t { arrival = 1, computed, timer, tested, fault, process };

  /// A member's process: a worker that was replaced has had several, and some of them may still speak. A coordinator
  /// that took over is another than the one before. Shards have one for good.
  struct process {
    address::role kind = address::role::coordinator;
    std::uint32_t number = 0; ///< of its kind
  };
  struct arrival {
    process from;
    process to;
    protocol_message what;
  };
  struct host {
    address who;
    process where;
    std::uint32_t machine = 0;
    std::uint32_t coordinator = 0; ///< number of the one that it speaks to
    bool is_up = false;
    std::uint32_t life = 0;
    bool is_handling = false;        ///< a message: it works off one after the other
    std::list<arrival> waiting = {}; ///< for that
  };
  /// Who pulled last for a worker is answered.
  struct known_worker {
    std::uint64_t epoch = 0;
    std::uint32_t number = 0;
  };
  /// A member's place, as the coordinator of this number knows it.
  struct held_place {
    std::uint32_t machine = 0;
    std::optional<node_roster::tenancy> held = {}; ///< none where no node is there
    std::uint32_t coordinator = 0;
  };
  /// One that stands still elsewhere: a shard that moved, or is about to.
  struct shard_copy {
    std::unique_ptr<shard_core> core; ///< null before it is complete
    held_place place;
  };
  struct shard_host : host {
    std::unique_ptr<shard_core> core;
    std::vector<known_worker> workers; ///< by index
    bool is_frozen = false;            ///< it moves
    message<messages::HostShard> next; ///< then: with what it begins elsewhere
    held_place place;
    std::optional<shard_copy> copy;    ///< where it moves to
    std::vector<shard_copy> forgotten; ///< where it was, and is still
  };
  struct worker_host : host {
    worker_host(std::uint64_t seed, std::uint32_t number) : draws(seed, "compute", number) {}
    std::unique_ptr<worker_core> core; ///< null before it begins
    bool is_told_of = false;           ///< the coordinator was told that it is gone
    held_place place;
    random_stream draws;
    std::uint64_t computation = 0; ///< number of the one under way
    bool is_computing = false;
    nanoseconds computation_takes = 0;
    nanoseconds computed = 0; ///< before that
  };
  struct computation_over {
    std::uint32_t number;
    std::uint64_t computation;
    std::variant<gradient_computed, computation_failed> answer;
  };
  struct timer {
    process who;
    std::uint32_t life;
    timer_fired what;
  };
  struct test_over {
    process who;
    std::variant<evaluated, evaluation_failed> answer;
  };
  /// The machine's cores may be done with something.
  struct work_over {
    std::uint32_t machine;
  };
  // What happens to processes of workers, where they are replaced.
  struct place_answered {
    process who; ///< that asked
    std::uint32_t worker;
    std::optional<held_place> place; ///< that may refuse
  };
  struct process_begins {
    process who;
    std::uint64_t life;
    message<messages::StartWorker> assignment = {}; ///< none: it asks to join
  };
  struct process_ends {
    process who;
  };
  struct end_told {
    process who;
    bool host_lost;
  };
  // What happens to nodes, as a coordinator's places see them.
  struct nodes_looked_after {
    process who;
  };
  struct node_asked {
    process who;
    std::uint32_t machine;
    node_roster::number node;
    bool is_answered = false; ///< it is on its way back
  };
  struct node_lost {
    process who;
    std::uint32_t machine;
    node_roster::number node;
  };
  struct node_joins {
    std::uint32_t machine;
  };
  struct node_leaves {
    std::uint32_t machine;
  };
  // The place of a shard whose node leaves was asked for.
  struct room_asked {
    process who;
    evacuation::move what;
    held_place place;
  };
  struct move_asked {
    std::uint32_t worker;
  };
  // What happens to shards that move.
  struct shard_move_asked {
    replacement::shard_move what;
  };
  struct copy_over {
    process who; ///< that has it moved
    std::uint32_t shard;
    bool is_copied;
  };
  struct copy_begins {
    process who;
    std::uint32_t shard;
  };
  struct place_told {
    process who;
    std::uint32_t shard;
  };
  // What happens to coordinators.
  struct coordinator_dies {};
  struct coordinator_begins {};
  using event = std::variant<std::monostate, arrival, work_over, timer, test_over, stop_requested, fault_event,
                             place_answered, process_begins, process_ends, end_told, nodes_looked_after, node_asked,
                             node_lost, node_joins, node_leaves, room_asked, move_asked, shard_move_asked, copy_over,
                             copy_begins, place_told, coordinator_dies, coordinator_begins>;
  /// Handling a message, or computing a gradient.
  using work = std::variant<std::monostate, arrival, computation_over>;

  struct machine_state {
    explicit machine_state(std::uint32_t count) : cores(count) {}
    shared_cores<work> cores;
    std::uint32_t workers = 0;            ///< placed here
    nanoseconds looks_next = end_of_time; ///< when a work_over will come
    std::uint32_t pauses = 0;
    nanoseconds paused_since = 0;
    bool is_down = false;
    std::optional<node_roster::number> node = {}; ///< of which the coordinator knows
    bool leaves = false;                          ///< that one
    bool is_new = false;                          ///< it came back, and its node has not joined yet
    bool starts_late = false;   ///< it came back while it was paused: its workers start when that ends
    std::vector<event> waiting; ///< what came while it was paused
  };

  [[nodiscard]] host& host_of(const process& who);
  [[nodiscard]] bool is_up(const process& who);
  /// Whose messages are worked off one after the other with those to `who`.
  [[nodiscard]] host& handler_of(const process& who);
  [[nodiscard]] double seconds() const { return static_cast<double>(now_) / 1e9; }
  /// Since it began.
  [[nodiscard]] double coordinator_seconds() const { return static_cast<double>(now_ - coordinator_begun_) / 1e9; }
  [[nodiscard]] nanoseconds work_of(const host& by, const protocol_message& what) const;
  /// Who an event is for; nobody for faults.
  [[nodiscard]] static std::optional<process> receiver(const event& what);

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
  void deliver(host& to, const arrival& what);
  void crash(std::uint32_t machine);
  void restart(std::uint32_t machine);
  void start_workers(std::uint32_t machine);
  void perform(const process& by, effects&& what);
  void transmit(const process& from, send&& letter);
  [[nodiscard]] process receiver_of(const process& from, const address& to);
  [[nodiscard]] effects list(const worker_host& by, const list_rows& request);
  void compute(worker_host& by, compute_gradient&& request);
  void start(const spawn_shard& wanted);
  void start(const spawn_worker& wanted);
  void handled(const address& who);
  template <class T>
  void tell_coordinator(const T& what) {
    perform(coordinator_host_.where, coordinator_.handle(what, coordinator_seconds()));
    handled(coordinator_host_.who);
  }

  // Where workers are replaced: what a coordinator's shell does.
  void ask_for_moves();
  void take(const place_answered& what);
  void take(const process_begins& what);
  void take(const process_ends& what);
  void take(const end_told& what);
  void take(const move_asked& what);
  void find(std::uint32_t worker);
  void start(const start_replacement& wanted);
  worker_host& add_process(std::uint32_t worker, const held_place& place);
  [[nodiscard]] bool is_reached(std::uint32_t machine) const; ///< by the coordinator
  /// Whether it went: it does not where it is done, or will be soon.
  bool move_away(std::uint32_t worker);
  void ask_to_end(const process& who);
  void tell_end(const worker_host& of, bool host_lost);
  [[nodiscard]] bool speaks(const process& who) const;
  [[nodiscard]] bool is_from_replaced(const arrival& what) const;
  void remember_sender(const arrival& what);
  [[nodiscard]] nanoseconds some_time();
  void mark_process(const process& who);

  // Nodes: what the places of a coordinator do with their roster.
  void find_nodes();
  void add_node(std::uint32_t machine);
  void take(const nodes_looked_after& what);
  void take(const node_asked& what);
  void take(const node_lost& what);
  void take(const node_joins& what);
  void take(const node_leaves& what);
  void take(const room_asked& what);
  void perform(const evacuation::step& next);
  /// What became of a shard that moves, maybe because its node leaves: why it stays, or nothing.
  void tell_evacuation(std::uint32_t shard, const std::string& problem = "");
  void suspect(std::uint32_t machine);
  void fill(std::uint32_t machine);
  void tell_node_lost(std::uint32_t machine);
  /// The best place for a worker, if there is one.
  [[nodiscard]] std::optional<held_place> take_place();
  [[nodiscard]] held_place hold(std::uint32_t machine, std::optional<std::uint32_t> shard);
  /// Its node has started the member.
  void keep(const held_place& place);
  void give_back(held_place& place, bool refused = false);
  [[nodiscard]] std::uint32_t machine_of(node_roster::number node) const;
  [[nodiscard]] double node_seconds() const;
  [[nodiscard]] nanoseconds on_the_way();
  [[nodiscard]] nanoseconds tried_again();

  // Where shards move: what whoever copies them does.
  void take(const shard_move_asked& what);
  void take(const copy_over& what);
  void take(const copy_begins& what);
  void take(const place_told& what);
  void start(const copy_shard& wanted);
  void start(const replace_shard& wanted);
  void thaw(shard_host& one);
  void settle(shard_host& one, shard_copy&& there);
  void choose_copy(shard_host& one);
  void tell_place(std::uint32_t shard);

  // Where coordinators die: what their nodes, and who starts another, do.
  void expect_death();
  void take(coordinator_dies);
  void take(coordinator_begins);
  void start_anew(const spawn_worker& wanted);
  [[nodiscard]] bool is_from_former(const arrival& what);
  [[nodiscard]] bool is_unknown(const process& from, const process& to) const;

  training_plan plan_;
  cluster cluster_;
  objective& objective_;
  member_machines places_;
  network network_;
  fault_plan faults_;
  std::unique_ptr<gpu::device> device_;
  coordinator_core coordinator_;
  nanoseconds coordinator_begun_ = 0;
  bool is_taken_over_ = false; ///< soon: the coordinator is dead
  bool one_thread_;            ///< the worker and the shard are one member, as takes_turns says
  host coordinator_host_;
  std::vector<shard_host> shards_;
  std::deque<worker_host> workers_;     ///< by number: everyone's first process, then others
  std::vector<std::uint32_t> speakers_; ///< by worker: the process that the coordinator talks to
  std::vector<machine_state> machines_;
  std::vector<checker*> checkers_;
  event_queue<event> queue_;
  fingerprint fingerprint_;
  nanoseconds now_ = 0;
  std::uint64_t events_ = 0;
  bool begun_ = false;
  std::uint64_t seed_;
  replacement replacement_;
  random_stream replacement_draws_;
  std::uint32_t misses_ = 0;              ///< in a row
  std::optional<held_place> found_place_; ///< while the core is asked whether it wants it
  node_roster roster_;                    ///< of the coordinator that there is
  std::optional<evacuation> evacuation_;
  std::optional<std::uint32_t> evacuated_; ///< shard that moves for it
  random_stream node_draws_;
  std::optional<replacement::shard_move> shard_move_; ///< while the core is asked whether it may be
  std::optional<finish_job> finished_;
};

} // namespace drover::sim

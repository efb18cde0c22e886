#include "drover/actors/sim/world.hpp"

#include "drover/actors/core/overload.hpp"
#include "drover/actors/core/placement.hpp"
#include "drover/actors/sim/machine_memory.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace drover::sim {

namespace {

std::uint64_t number_of(const address& who) {
  return (static_cast<std::uint64_t>(who.kind) << 32) + who.index;
}

bool is_bulk(const protocol_message& what) {
  return std::holds_alternative<message<messages::ParametersPulled>>(what) ||
         std::holds_alternative<message<messages::PushGradient>>(what);
}

std::uint64_t bytes_of(const protocol_message& what) {
  return std::visit([](const auto& body) { return body.segments().bytes(); }, what);
}

// Of other workers' slices, each the lease's part of a step's samples.
std::int64_t leased_pieces(const compute_gradient& request) {
  return std::ranges::count_if(request.lease.slices, [&](const auto& lost) { return request.clock >= lost.from; });
}

} // namespace

world::world(training_plan plan, const cluster& on, objective& what, std::uint64_t seed, replacement places)
    : plan_(std::move(plan)), cluster_(on), objective_(what),
      places_(assign_members(on, plan_.job.read()->getWorkers(), plan_.job.read()->getShards())), network_(on, seed),
      faults_(on, seed), device_(gpu::make_cpu_device()), coordinator_(plan_, places.is_on),
      one_thread_(takes_turns(*plan_.job.read()) &&
                  places_.of({address::role::shard, 0}) == places_.of({address::role::worker, 0})),
      seed_(seed), replacement_(std::move(places)), replacement_draws_(seed, "replacement"),
      node_draws_(seed, "nodes") {
  check_memory(on, places_, plan_);
  // A worker that takes turns with its shard is where that is.
  if (!replacement_.is_on || takes_turns(*plan_.job.read()))
    replacement_ = {};
  for (const auto& machine : on.machines())
    machines_.emplace_back(machine.cores);
  auto place = [this](host& one, address who) {
    one.who = who;
    one.where = {who.kind, who.index};
    return one.machine = places_.of(who);
  };
  place(coordinator_host_, {address::role::coordinator, 0});
  coordinator_host_.is_up = true;
  for (std::uint32_t shard = 0; shard < places_.shards.size(); ++shard)
    place(shards_.emplace_back(), {address::role::shard, shard});
  for (std::uint32_t worker = 0; worker < places_.workers.size(); ++worker) {
    ++machines_[place(workers_.emplace_back(seed, worker), {address::role::worker, worker})].workers;
    speakers_.push_back(worker);
  }
}

bool world::run(double seconds_max, const std::stop_token& stop) {
  auto last = from_seconds(seconds_max);
  if (!std::exchange(begun_, true)) {
    if (auto first = faults_.next())
      queue_.push(first->at, *first);
    ask_for_moves();
    expect_death();
    find_nodes();
    for (auto& one : workers_)
      one.place = hold(one.machine, std::nullopt);
    perform(coordinator_host_.where, coordinator_.start(coordinator_seconds()));
    handled(coordinator_host_.who);
  }
  while (!finished_ && !queue_.empty() && has_coordinator() && !stop.stop_requested()) {
    auto [at, what] = queue_.pop();
    if (at > last) {
      queue_.push(at, std::move(what));
      return false;
    }
    now_ = at;
    happen(std::move(what));
  }
  return finished_.has_value();
}

void world::request_stop() {
  if (finished_ || !coordinator_host_.is_up)
    return;
  happen(stop_requested{});
}

// -- events ----------------------------------------------------------------------------------------------------------

std::optional<world::process> world::receiver(const event& what) {
  static constexpr process coordinator{address::role::coordinator, 0};
  return std::visit(overload{
                        [](const arrival& one) -> std::optional<process> { return one.to; },
                        [](const timer& one) -> std::optional<process> { return one.who; },
                        [](const process_begins& one) -> std::optional<process> { return one.who; },
                        [](const process_ends& one) -> std::optional<process> { return one.who; },
                        [](const test_over&) -> std::optional<process> { return coordinator; },
                        [](const stop_requested&) -> std::optional<process> { return coordinator; },
                        [](const place_answered&) -> std::optional<process> { return coordinator; },
                        [](const end_told&) -> std::optional<process> { return coordinator; },
                        [](const nodes_looked_after& one) -> std::optional<process> { return one.who; },
                        [](const node_lost& one) -> std::optional<process> { return one.who; },
                        [](const node_joins&) -> std::optional<process> { return coordinator; },
                        [](const node_leaves&) -> std::optional<process> { return coordinator; },
                        [](const room_asked& one) -> std::optional<process> { return one.who; },
                        [](const move_asked&) -> std::optional<process> { return coordinator; },
                        [](const shard_move_asked&) -> std::optional<process> { return coordinator; },
                        [](const copy_over&) -> std::optional<process> { return coordinator; },
                        [](const copy_begins&) -> std::optional<process> { return coordinator; },
                        [](const place_told& one) -> std::optional<process> { return one.who; },
                        [](const coordinator_begins&) -> std::optional<process> { return coordinator; },
                        [](const auto&) -> std::optional<process> { return std::nullopt; },
                    },
                    what);
}

void world::happen(event&& what) {
  if (const auto* over = std::get_if<work_over>(&what); over && machines_[over->machine].looks_next != now_)
    return; // something else is done before
  ++events_;
  if (auto who = receiver(what)) {
    auto& machine = machines_[host_of(*who).machine];
    if (machine.pauses > 0) {
      machine.waiting.push_back(std::move(what));
      return;
    }
  }
  std::visit(overload{
                 [this](arrival& one) { take(std::move(one)); },
                 [](std::monostate) {},
                 [this](const auto& one) { take(one); },
             },
             what);
}

nanoseconds world::work_of(const host& by, const protocol_message& what) const {
  const auto& machine = cluster_.machines()[by.machine];
  auto result = handle_duration(machine);
  if (is_bulk(what) && !one_thread_)
    result += copy_duration(machine, bytes_of(what));
  if (std::holds_alternative<message<messages::PushGradient>>(what))
    result += apply_duration(machine, bytes_of(what));
  return result;
}

void world::take(arrival&& what) {
  if (!is_up(what.to))
    return;
  auto& by = handler_of(what.to);
  by.waiting.push_back(std::move(what));
  handle_next(by);
}

void world::handle_next(host& by) {
  while (!by.is_handling && !by.waiting.empty()) {
    auto next = std::move(by.waiting.front());
    by.waiting.pop_front();
    if (!is_up(next.to))
      continue;
    if (auto length = work_of(by, next.what)) {
      by.is_handling = true;
      begin(by.machine, length, std::move(next));
    } else {
      finish(std::move(next));
    }
  }
}

void world::begin(std::uint32_t machine, nanoseconds length, work&& what) {
  machines_[machine].cores.begin(now_, length, std::move(what));
  look_for_end_of_work(machine);
}

// What has begun since may put off the end of what was under way: it is looked at again then.
void world::look_for_end_of_work(std::uint32_t machine) {
  auto& on = machines_[machine];
  if (auto next = on.cores.next(); next && *next < on.looks_next) {
    on.looks_next = *next;
    queue_.push(*next, work_over{machine});
  }
}

void world::take(work_over what) {
  auto& on = machines_[what.machine];
  on.looks_next = end_of_time;
  if (on.cores.next() == now_) {
    auto done = on.cores.take(now_);
    std::visit(overload{
                   [this](arrival& one) {
                     auto& by = handler_of(one.to);
                     by.is_handling = false;
                     finish(std::move(one));
                     handle_next(by);
                   },
                   [this](computation_over& one) { finish(std::move(one)); },
                   [](std::monostate) {},
               },
               done);
  }
  look_for_end_of_work(what.machine);
}

void world::finish(arrival&& what) {
  auto& to = host_of(what.to);
  if (!is_up(what.to) || (what.to.kind == address::role::worker && !workers_[what.to.number].core))
    return;
  fingerprint_.add(static_cast<std::uint64_t>(mark::arrival));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  fingerprint_.add(number_of(to.who));
  fingerprint_.add(static_cast<std::uint64_t>(what.what.index()));
  deliver(to, what);
}

void world::deliver(host& to, const arrival& what) {
  if (is_from_replaced(what))
    return ask_to_end(what.from);
  if (is_from_former(what) || (to.who.kind == address::role::shard && shards_[to.where.number].is_frozen))
    return;
  remember_sender(what);
  for (auto* one : checkers_)
    one->on_deliver(now_, to.who, what.what);
  auto out = std::visit(
      [this, &to]<class T>(const message<T>& body) -> effects {
        if (to.who.kind == address::role::coordinator) {
          if constexpr (requires { coordinator_.handle(body, 0.0); })
            return coordinator_.handle(body, coordinator_seconds());
        } else if (to.who.kind == address::role::shard) {
          if constexpr (requires(shard_core & core) { core.handle(body); })
            return shards_[to.where.number].core->handle(body);
        } else {
          if constexpr (requires(worker_core & core) { core.handle(body, 0.0); })
            return workers_[to.where.number].core->handle(body, seconds());
        }
        throw std::logic_error(to_string(to.who) + " was sent what it does not understand");
      },
      what.what);
  perform(to.where, std::move(out));
  handled(to.who);
}

void world::finish(computation_over&& what) {
  auto& by = workers_[what.number];
  if (!by.is_up || !by.is_computing || by.computation != what.computation)
    return; // wanted no more
  by.computed += by.computation_takes;
  by.is_computing = false;
  fingerprint_.add(static_cast<std::uint64_t>(mark::computed));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  fingerprint_.add(std::uint64_t{by.who.index});
  auto out = std::visit(
      [this, &by](const auto& answer) {
        if constexpr (requires { answer.result; })
          fingerprint_.add(answer.result.loss_sum);
        return by.core->handle(answer, seconds());
      },
      what.answer);
  what.answer = computation_failed{}; // its memory goes before the shard may want to write
  perform(by.where, std::move(out));
  handled(by.who);
}

void world::take(const timer& what) {
  auto& to = host_of(what.who);
  if (!is_up(what.who) || to.life != what.life)
    return;
  fingerprint_.add(static_cast<std::uint64_t>(mark::timer));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  fingerprint_.add(number_of(to.who));
  if (what.who.kind == address::role::worker)
    perform(what.who, workers_[what.who.number].core->handle(what.what, seconds()));
  else
    perform(what.who, coordinator_.handle(what.what, coordinator_seconds()));
  handled(to.who);
}

void world::take(const test_over& what) {
  if (!is_up(what.who))
    return;
  fingerprint_.add(static_cast<std::uint64_t>(mark::tested));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  std::visit([this](const auto& answer) { tell_coordinator(answer); }, what.answer);
}

void world::take(const stop_requested& what) {
  if (!coordinator_host_.is_up)
    return;
  for (auto* one : checkers_)
    one->on_stop(now_);
  tell_coordinator(what);
}

void world::handled(const address& who) {
  for (auto* one : checkers_)
    one->on_handled(now_, who);
}

// -- effects ---------------------------------------------------------------------------------------------------------

void world::perform(const process& by, effects&& what) {
  for (auto& one : what)
    std::visit(overload{
                   [this, &by](send& letter) { transmit(by, std::move(letter)); },
                   [this, &by](const list_rows& wanted) { perform(by, list(workers_[by.number], wanted)); },
                   [this, &by](compute_gradient& request) { compute(workers_[by.number], std::move(request)); },
                   [this](const spawn_shard& wanted) { start(wanted); },
                   [this](const spawn_worker& wanted) { start(wanted); },
                   [this, &by](const evaluate_parameters& request) {
                     test_over test{by, evaluation_failed{}};
                     try {
                       test.answer = evaluated{request.request, objective_.evaluate(request.parameters.view())};
                     } catch (const std::exception& problem) {
                       test.answer = evaluation_failed{problem.what()};
                     }
                     queue_.push(now_, test);
                   },
                   [this](const notify& news) {
                     if (on_progress)
                       on_progress(*news.progress.read());
                   },
                   [this, &by](const set_timer& wanted) {
                     queue_.push(later(now_, from_seconds(wanted.seconds)),
                                 timer{by, host_of(by).life, timer_fired{wanted.id}});
                   },
                   [this](finish_job& end) {
                     finished_ = std::move(end);
                     if (finished_->parameters)
                       for (std::size_t i = 0; i < plan_.whole->blocks().size(); ++i)
                         fingerprint_.add(finished_->parameters->view().block(i));
                     for (auto* each : checkers_)
                       each->on_end(now_, *finished_);
                   },
                   [this, &by](const leave&) {
                     host_of(by).is_up = false;
                     tell_end(workers_[by.number], false);
                   },
                   [this](const find_place& wanted) { find(wanted.worker); },
                   [this](const start_replacement& wanted) { start(wanted); },
                   [this](const copy_shard& wanted) { start(wanted); },
                   [this](const replace_shard& wanted) { start(wanted); },
                   [this](const thaw_shard& still) { thaw(shards_[still.shard]); },
                   [this](const drover::tell_place& moved) { tell_place(moved.shard); },
               },
               one);
}

void world::transmit(const process& from, send&& letter) {
  for (auto* one : checkers_)
    one->on_send(now_, host_of(from).who, letter.to, letter.what);
  auto to = receiver_of(from, letter.to);
  if (is_unknown(from, to))
    return;
  if (one_thread_ && from.kind != address::role::coordinator && to.kind != address::role::coordinator) {
    queue_.push(now_, arrival{from, to, std::move(letter.what)});
    return;
  }
  auto arrivals = network_.send(host_of(from).machine, host_of(to).machine, bytes_of(letter.what), now_);
  for (auto at : arrivals)
    queue_.push(at, arrival{from, to, letter.what});
}

effects world::list(const worker_host& by, const list_rows& request) {
  try {
    return by.core->handle(rows_listed{request.clock, objective_.list_rows(by.who.index, request)}, seconds());
  } catch (const std::exception& problem) {
    return by.core->handle(listing_failed{problem.what()}, seconds());
  }
}

void world::compute(worker_host& by, compute_gradient&& request) {
  by.is_computing = true; // where one is under way, it is wanted no more
  auto takes = step_duration(cluster_.machines()[by.machine], machines_[by.machine].workers, now_, by.draws);
  takes += takes * leased_pieces(request) / request.lease.pieces;
  by.computation_takes = takes;
  computation_over over{by.where.number, ++by.computation, {}};
  try {
    over.answer = objective_.compute(by.who.index, request);
  } catch (const std::exception& problem) {
    over.answer = computation_failed{problem.what()};
  }
  begin(by.machine, takes, std::move(over));
}

} // namespace drover::sim

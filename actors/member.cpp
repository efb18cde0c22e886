#include "drover/actors/member.hpp"

#include "drover/actors/batch_thread.hpp"
#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/overload.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace drover {

member_actor::behavior_type member_behavior(member_actor::stateful_pointer<member_state> self,
                                            std::shared_ptr<const job_context> context,
                                            std::shared_ptr<bulk_carrier> carrier, bool keeps_shard) {
  compat::set_up(self);
  auto& state = compat::state(self);
  state.self = self;
  state.context = std::move(context);
  state.carrier = std::move(carrier);
  state.keeps_shard = keeps_shard;

  auto to_shard = [&state](const auto& event) {
    if (state.shard)
      state.perform(state.shard->handle(event));
  };
  // A computation may follow: what came is let go of first, so that the shard finds nobody reading when the push
  // arrives.
  auto to_worker = [&state](auto& event) {
    if (!state.worker)
      return; // it has left
    auto next = state.worker->handle(std::exchange(event, {}), state.now());
    state.perform(std::move(next));
  };
  // A refusal is an answer; whoever hosts the shard does not end for it.
  auto guarded = []<class Function>(Function function) -> caf::result<decltype(function())> {
    try {
      return function();
    } catch (const kj::Exception& error) {
      return caf::make_error(caf::sec::runtime_error,
                             std::string{"it cannot be read: "} + error.getDescription().cStr());
    } catch (const std::exception& error) {
      return caf::make_error(caf::sec::runtime_error, std::string{error.what()});
    }
  };
  return {
      [&state](const start_shard& start) { state.host(start); },
      [&state, to_shard](const message<messages::PullParameters>& pull) {
        if (state.knows_sender(pull))
          to_shard(pull);
      },
      [to_shard](const message<messages::PushGradient>& push) { to_shard(push); },
      [to_shard](const message<messages::ChangeMembership>& change) { to_shard(change); },
      [to_shard](const message<messages::TakeSnapshot>& request) { to_shard(request); },
      [to_shard](const message<messages::TakeReport>& request) { to_shard(request); },

      [&state](const take_over_shard& begun) { state.take_over(begun.coordinator); },
      [&state](keep_shard) {
        if (!state.shard)
          state.self->quit();
      },
      [&state, guarded](freeze_shard) { return guarded([&] { return state.freeze(); }); },
      [&state, guarded](const ask_values& wanted) {
        return guarded([&] { return state.hosted_shard().values(wanted.first); });
      },
      [&state, guarded](const restore_shard& from) { return guarded([&] { return state.restore(from); }); },
      [&state, guarded](const message<messages::ShardValues>& piece) {
        return guarded([&] { return state.restore(piece); });
      },
      [&state](release_shard) { state.release(); },

      [&state](start_worker& start) { state.host(start); },
      [&state](const find_shard& moved) { state.find(moved); },
      [&state, to_worker](message<messages::ParametersPulled>& answer) {
        state.remember_answer(answer);
        to_worker(answer);
      },
      [to_worker](message<messages::GradientApplied>& acknowledgement) { to_worker(acknowledgement); },
      [&state, to_worker](message<messages::PassColumns>& pass) {
        // Others may have begun before this one.
        if (state.shards.empty())
          state.early_columns.push_back(std::move(pass));
        else
          to_worker(pass);
      },
      [to_worker](message<messages::LeaseSlices>& lease) { to_worker(lease); },
      [to_worker](message<messages::StopTraining>& request) { to_worker(request); },
      [to_worker](message<messages::StartWorker>& assignment) { to_worker(assignment); },
      [to_worker](message<messages::Dismiss>& dismissal) { to_worker(dismissal); },
      [to_worker](timer_fired timer) { to_worker(timer); },
  };
}

void member_state::follow(const coordinator_actor& whom) {
  if (coordinator)
    return; // hosts something already
  coordinator = whom;
  watched.watch(self, coordinator, [this](const caf::error& reason) { lose_coordinator(reason); });
}

void member_state::lose_coordinator(const caf::error& reason) {
  if (!shard || !keeps_shard)
    return self->quit(reason);
  coordinator = nullptr;
  // Another coordinator begins all workers anew.
  worker.reset();
  computer.reset();
}

// It may have stood still when its former coordinator went.
void member_state::take_over(const coordinator_actor& whom) {
  if (!shard)
    return;
  follow(whom);
  shard->thaw();
}

void member_state::host(const start_shard& start) {
  follow(start.coordinator);
  device = gpu::make_cpu_device();
  shard = std::make_unique<shard_core>(start.assignment, context->plan.layout, *device);
  if (context->lent)
    context->lent->lend(shard->lend_in_place());
}

void member_state::host(start_worker& start) {
  become_batch_thread();
  follow(start.coordinator);
  worker_index = start.worker;
  shards = std::move(start.shards);
  others = std::move(start.others);
  answered_epochs.assign(shards.size(), 0);
  for (const auto& one : shards)
    watch_shard(one);
  worker = start.assignment ? std::make_unique<worker_core>(*start.assignment, context->plan.layout)
                            : std::make_unique<worker_core>(start.worker, start.life, context->plan.layout);
  perform(worker->start(now()));
  for (const auto& pass : std::exchange(early_columns, {}))
    perform(worker->handle(pass, now()));
}

// Lost is only the way to the shard where the coordinator still reaches both: it may find a better place. Of one that
// ends the coordinator says what follows.
void member_state::watch_shard(const shard_actor& whom) {
  if (whom.node() == self->node())
    return;
  watched.watch(self, whom, [this, whom = whom.address()](const caf::error& reason) {
    if (reason == caf::exit_reason::remote_link_unreachable &&
        std::ranges::find(shards, whom, &shard_actor::address) != shards.end())
      self->quit(reason);
  });
}

// -- moving ----------------------------------------------------------------------------------------------------------

shard_core& member_state::hosted_shard() {
  if (!shard)
    throw std::runtime_error("there is no shard here");
  return *shard;
}

frozen_shard member_state::freeze() {
  hosted_shard().freeze();
  frozen_shard result{shard->state(), {}};
  for (const auto& [index, known] : workers)
    result.workers.push_back({index, known.epoch, caf::actor_cast<caf::strong_actor_ptr>(known.handle)});
  return result;
}

bool member_state::restore(const restore_shard& from) {
  if (coordinator)
    throw std::runtime_error("it hosts something already");
  follow(from.coordinator);
  device = gpu::make_cpu_device();
  arriving = std::make_unique<shard_core>(from.assignment, context->plan.layout, *device);
  arriving->restore(from.from.state);
  for (const auto& one : from.from.workers)
    workers[one.worker] = {one.epoch, caf::actor_cast<worker_actor>(one.handle)};
  return is_arrived();
}

bool member_state::restore(const message<messages::ShardValues>& piece) {
  if (!arriving)
    throw std::runtime_error("there is no shard here that waits for values");
  arriving->restore(piece);
  return is_arrived();
}

bool member_state::is_arrived() {
  if (arriving->missing_value())
    return false;
  shard = std::move(arriving);
  return true;
}

void member_state::release() {
  if (shard)
    shard->thaw();
}

void member_state::find(const find_shard& moved) {
  if (!worker || moved.shard >= shards.size())
    return;
  if (std::exchange(shards[moved.shard], moved.place) != moved.place)
    watch_shard(moved.place);
  answered_epochs[moved.shard] = 0;
  perform(worker->handle(shard_moved{moved.shard}, now()));
}

// -- messages --------------------------------------------------------------------------------------------------------

bool member_state::knows_sender(const message<messages::PullParameters>& pull) {
  try {
    auto view = pull.read();
    if (!self->current_sender()) // brought by the carrier
      return workers.contains(view->getWorker());
    auto& known = workers[view->getWorker()];
    if (view->getEpoch() >= known.epoch)
      known = {view->getEpoch(), caf::actor_cast<worker_actor>(self->current_sender())};
  } catch (const kj::Exception&) {
    // It cannot be read: the core says so, to the coordinator.
  }
  return true;
}

void member_state::remember_answer(const message<messages::ParametersPulled>& answer) {
  try {
    auto view = answer.read();
    if (view->getShard() < answered_epochs.size())
      answered_epochs[view->getShard()] = view->getEpoch();
  } catch (const kj::Exception&) {
    // As above.
  }
}

template <class Handle, class T>
void member_state::send_to(const Handle& to, const message<T>& body) {
  if constexpr (step_message<T>) {
    if (carrier && to.node() != self->node() && carrier->carry(caf::actor_cast<caf::strong_actor_ptr>(to), body))
      return;
    if (to.node() != self->node() && body.segments().bytes() > network_bytes_max)
      throw std::runtime_error("its connection for parameters and gradients is lost, and CAF's is not for " +
                               std::to_string(body.segments().bytes() >> 20) + " MiB at once");
  }
  compat::send(self, to, body);
}

template <class T>
void member_state::deliver(const address& to, const message<T>& body) {
  if (to.kind == address::role::shard) {
    if constexpr (std::same_as<T, messages::PullParameters>)
      // Once an answer: a pull that is repeated says from whom again.
      if (std::exchange(answered_epochs.at(to.index), 0) != body.read()->getEpoch())
        return compat::send(self, shards.at(to.index), body); // it has to see from whom
    if constexpr (requires(shard_core & core) { core.handle(body); })
      return send_to(shards.at(to.index), body);
  } else if (to.kind == address::role::worker) {
    if constexpr (std::same_as<T, messages::PassColumns>)
      return compat::send(self, others.at(to.index), body);
    else if constexpr (requires(worker_core & core) { core.handle(body, 0.0); })
      return send_to(workers.at(to.index).handle, body);
  } else if constexpr (requires(coordinator_core & core) { core.handle(body, 0.0); }) {
    if (coordinator)
      send_to(coordinator, body);
    return;
  }
  throw std::logic_error("a member sends " + to_string(to) + " what it does not understand");
}

void member_state::perform(effects what) {
  while (!what.empty()) {
    // Last: others shall not wait for a computation to hear what was said before it.
    std::optional<compute_gradient> next;
    std::optional<list_rows> listed;
    for (auto& one : what)
      std::visit(overload{
                     [this](const send& letter) {
                       std::visit([this, &letter](const auto& body) { deliver(letter.to, body); }, letter.what);
                     },
                     [&listed](const list_rows& request) { listed = request; },
                     [&next](compute_gradient& request) { next = std::move(request); },
                     [this](const leave&) { leave_worker(); },
                     [this](const set_timer& timer) {
                       compat::delayed_send(self, member_actor{self},
                                            std::chrono::duration_cast<std::chrono::nanoseconds>(
                                                std::chrono::duration<double>(timer.seconds)),
                                            timer_fired{timer.id});
                     },
                     [](const auto&) { throw std::logic_error("a member has no such effect"); },
                 },
                 one);
    // With the messages their memory goes: a shard updates in place what nobody holds.
    what.clear();
    if (listed)
      perform(list(*listed));
    if (next)
      what = compute(*std::exchange(next, std::nullopt));
  }
}

effects member_state::list(const list_rows& request) {
  try {
    if (!computer)
      computer.emplace(context, worker_index);
    return worker->handle(rows_listed{request.clock, computer->list_rows(request.clock, request.lease)}, now());
  } catch (const std::exception& error) {
    return worker->handle(listing_failed{error.what()}, now());
  }
}

effects member_state::compute(compute_gradient request) {
  try {
    if (!computer)
      computer.emplace(context, worker_index);
    auto computed =
        computer->compute(request.clock, request.parameters.view(), request.rows, request.block, request.lease);
    // Let go of before the push can arrive, for the same reason.
    request.parameters = {};
    return worker->handle(computed, now());
  } catch (const std::exception& error) {
    return worker->handle(computation_failed{error.what()}, now());
  } catch (...) {
    return worker->handle(computation_failed{"the computation threw what is no std::exception"}, now());
  }
}

double member_state::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void member_state::leave_worker() {
  worker.reset();
  computer.reset();
  if (!shard)
    self->quit();
}

} // namespace drover

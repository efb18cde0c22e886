#include "drover/actors/coordinator.hpp"

#include "drover/actors/core/overload.hpp"
#include "drover/actors/evaluator.hpp"
#include "drover/actors/member.hpp"

#include <variant>

namespace drover {

coordinator_actor::behavior_type coordinator_behavior(coordinator_actor::stateful_pointer<coordinator_state> self,
                                                      std::shared_ptr<const job_context> context,
                                                      observer_actor observer) {
  compat::explain_exceptions(self);
  auto& state = compat::state(self);
  state.self = self;
  state.context = std::move(context);
  state.core = std::make_unique<coordinator_core>(state.context->plan);
  state.observer = std::move(observer);
  state.evaluator = self->template spawn<caf::detached>(evaluator_behavior, state.context, coordinator_actor{self});
  state.begun = std::chrono::steady_clock::now();
  // Nobody left to train for.
  state.watched.watch(self, state.observer, [&state](const caf::error&) {
    state.perform(state.core->handle(stop_requested{}, state.now()));
  });
  state.watched.watch(self, state.evaluator, [&state](const caf::error& reason) {
    state.perform(
        state.core->handle(evaluation_failed{"the evaluator ended: " + compat::describe(reason)}, state.now()));
  });
  state.perform(state.core->start(state.now()));

  auto forward = [&state](const auto& event) { state.perform(state.core->handle(event, state.now())); };
  return {
      [forward](const message<messages::WorkerProgress>& progress) { forward(progress); },
      [forward](const message<messages::SnapshotTaken>& snapshot) { forward(snapshot); },
      [forward](const message<messages::ShardReport>& report) { forward(report); },
      [forward](const message<messages::MembershipAdopted>& adopted) { forward(adopted); },
      [forward](const message<messages::JoinTraining>& request) { forward(request); },
      [forward](const message<messages::WorkerLeft>& left) { forward(left); },
      [forward](const message<messages::MemberFailed>& failure) { forward(failure); },
      [forward](const evaluated& result) { forward(result); },
      [forward](const evaluation_failed& failure) { forward(failure); },
      [forward](const evaluation_progressed& news) { forward(news); },
      [forward](const timer_fired& timer) { forward(timer); },
      [forward](const stop_requested& request) { forward(request); },
  };
}

double coordinator_state::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

template <class Handle>
void coordinator_state::watch(const Handle& whom, address who) {
  watched.watch(self, whom, [this, who](const caf::error& reason) {
    perform(core->handle(member_down{who, compat::describe(reason)}, now()));
  });
}

void coordinator_state::perform(effects&& what) {
  auto deliver = overload{
      [this](const send& letter, const message<messages::StopTraining>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::StartWorker>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::Dismiss>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::ChangeMembership>& body) {
        compat::send(self, shards.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::TakeSnapshot>& body) {
        compat::send(self, shards.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::TakeReport>& body) {
        compat::send(self, shards.at(letter.to.index), body);
      },
      [](const send&, const auto&) { throw std::logic_error("a coordinator has nothing of this kind to send"); },
  };
  for (auto& one : what)
    std::visit(overload{
                   [&deliver](const send& letter) {
                     std::visit([&](const auto& body) { deliver(letter, body); }, letter.what);
                   },
                   [this](const spawn_shard& wanted) { start(wanted); },
                   [this](const spawn_worker& wanted) { start(wanted); },
                   [this](const evaluate_parameters& request) { compat::send(self, evaluator, request); },
                   [this](const notify& news) { compat::send(self, observer, news.progress); },
                   [this](const set_timer& timer) {
                     compat::delayed_send(self, coordinator_actor{self},
                                          std::chrono::duration_cast<std::chrono::nanoseconds>(
                                              std::chrono::duration<double>(timer.seconds)),
                                          timer_fired{timer.id});
                   },
                   [this](const finish_job& result) { end(result); },
                   [](const auto&) { throw std::logic_error("a coordinator has no such effect"); },
               },
               one);
}

member_actor coordinator_state::spawn_member(bool own_thread) {
  return own_thread ? self->spawn<caf::detached>(member_behavior, context, coordinator_actor{self})
                    : self->spawn(member_behavior, context, coordinator_actor{self});
}

void coordinator_state::start(const spawn_shard& wanted) {
  shards.push_back(spawn_member(wanted.own_thread));
  watch(shards.back(), {address::role::shard, wanted.index});
  compat::send(self, shards.back(), wanted.assignment);
}

void coordinator_state::start(const spawn_worker& wanted) {
  workers.push_back(wanted.beside_shard ? shards.front() : spawn_member(true));
  watch(workers.back(), {address::role::worker, wanted.index});
  compat::send(self, workers.back(), start_worker{wanted.assignment, {shards.begin(), shards.end()}});
}

void coordinator_state::end(const finish_job& result) {
  for (const auto& worker : workers)
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
  for (const auto& shard : shards)
    caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(evaluator, caf::exit_reason::user_shutdown);
  compat::send(self, observer, result);
  self->quit();
}

} // namespace drover

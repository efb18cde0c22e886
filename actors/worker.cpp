#include "drover/actors/worker.hpp"

#include "drover/actors/compute.hpp"
#include "drover/actors/perform.hpp"

#include <variant>

namespace drover {

worker_actor::behavior_type worker_behavior(worker_actor::stateful_pointer<worker_state> self, worker_start start) {
  compat::explain_exceptions(self);
  auto& state = compat::state(self);
  state.self = self;
  state.core = std::make_unique<worker_core>(start.assignment, start.context->plan.layout);
  state.coordinator = start.coordinator;
  state.shards = std::move(start.shards);
  state.compute = self->template spawn<caf::detached>(compute_behavior, start.context,
                                                      start.assignment.read()->getWorker(), worker_actor{self});
  state.watched.watch(self, state.compute, [&state](const caf::error& reason) {
    state.perform(state.core->handle(computation_failed{"its computation ended: " + compat::describe(reason)}));
  });
  state.watched.watch(self, state.coordinator, [self](const caf::error& reason) { self->quit(reason); });
  state.perform(state.core->start());

  auto forward = [&state](const auto& event) { state.perform(state.core->handle(event)); };
  return {
      [forward](const message<messages::ParametersPulled>& answer) { forward(answer); },
      [forward](const message<messages::GradientApplied>& acknowledgement) { forward(acknowledgement); },
      [forward](const message<messages::StopTraining>& request) { forward(request); },
      [forward](const gradient_computed& computed) { forward(computed); },
      [forward](const computation_failed& failure) { forward(failure); },
  };
}

void worker_state::perform(effects&& what) {
  auto deliver = overload{
      [this](const send& letter, const message<messages::PullParameters>& body) {
        compat::send(self, shards.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::PushGradient>& body) {
        compat::send(self, shards.at(letter.to.index), body);
      },
      [this](const send&, const message<messages::WorkerProgress>& body) { compat::send(self, coordinator, body); },
      [this](const send&, const message<messages::WorkerLeft>& body) { compat::send(self, coordinator, body); },
      [this](const send&, const message<messages::MemberFailed>& body) { compat::send(self, coordinator, body); },
      [](const send&, const auto&) { throw std::logic_error("a worker has nothing of this kind to send"); },
  };
  for (auto& one : what)
    std::visit(overload{
                   [&deliver](const send& letter) {
                     std::visit([&](const auto& body) { deliver(letter, body); }, letter.what);
                   },
                   [this](const compute_gradient& request) { compat::send(self, compute, request); },
                   [this](const leave&) {
                     caf::anon_send_exit(compute, caf::exit_reason::user_shutdown);
                     self->quit();
                   },
                   [](const auto&) { throw std::logic_error("a worker has no such effect"); },
               },
               one);
}

} // namespace drover

#include "drover/actors/worker.hpp"

#include "drover/actors/perform.hpp"

#include <stdexcept>
#include <utility>
#include <variant>

namespace drover {

worker_actor::behavior_type worker_behavior(worker_actor::stateful_pointer<worker_state> self, worker_start start) {
  compat::explain_exceptions(self);
  auto& state = compat::state(self);
  state.self = self;
  state.core = std::make_unique<worker_core>(start.assignment, start.context->plan.layout);
  state.coordinator = start.coordinator;
  state.shards = std::move(start.shards);
  state.context = std::move(start.context);
  state.index = start.assignment.read()->getWorker();
  state.watched.watch(self, state.coordinator, [self](const caf::error& reason) { self->quit(reason); });
  state.perform(state.core->start());

  // A computation may follow: what came is let go of first, so that the shard finds nobody reading when the push
  // arrives.
  auto forward = [&state](auto& event) {
    auto next = state.core->handle(std::exchange(event, {}));
    state.perform(std::move(next));
  };
  return {
      [forward](message<messages::ParametersPulled>& answer) { forward(answer); },
      [forward](message<messages::GradientApplied>& acknowledgement) { forward(acknowledgement); },
      [forward](message<messages::StopTraining>& request) { forward(request); },
  };
}

void worker_state::perform(effects what) {
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
  while (!what.empty()) {
    // Last: others shall not wait for a computation to hear what was said before it.
    std::optional<compute_gradient> next;
    for (auto& one : what)
      std::visit(overload{
                     [&deliver](const send& letter) {
                       std::visit([&](const auto& body) { deliver(letter, body); }, letter.what);
                     },
                     [&next](compute_gradient& request) { next = std::move(request); },
                     [this](const leave&) { self->quit(); },
                     [](const auto&) { throw std::logic_error("a worker has no such effect"); },
                 },
                 one);
    // With the messages their memory goes: a shard updates in place what nobody holds.
    what.clear();
    if (next)
      what = compute(*std::exchange(next, std::nullopt));
  }
}

effects worker_state::compute(compute_gradient request) {
  try {
    if (!computer)
      computer.emplace(context, index);
    auto computed = computer->compute(request.clock, request.parameters.view());
    // Let go of before the push can arrive, for the same reason.
    request.parameters = {};
    return core->handle(computed);
  } catch (const std::exception& error) {
    return core->handle(computation_failed{error.what()});
  } catch (...) {
    return core->handle(computation_failed{"the computation threw what is no std::exception"});
  }
}

} // namespace drover

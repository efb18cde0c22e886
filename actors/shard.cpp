#include "drover/actors/shard.hpp"

#include "drover/actors/perform.hpp"

#include <variant>

namespace drover {

shard_actor::behavior_type shard_behavior(shard_actor::stateful_pointer<shard_state> self, shard_start start) {
  compat::explain_exceptions(self);
  auto& state = compat::state(self);
  state.self = self;
  state.device = gpu::make_cpu_device();
  state.core = std::make_unique<shard_core>(start.assignment, start.context->plan.layout, *state.device);
  state.coordinator = start.coordinator;
  state.watched.watch(self, state.coordinator, [self](const caf::error& reason) { self->quit(reason); });

  auto forward = [&state](const auto& event) { state.perform(state.core->handle(event)); };
  // Who pulls or pushes is where answers go: a worker needs no introduction.
  auto remember_sender = [self, &state](std::uint32_t worker) {
    state.workers[worker] = caf::actor_cast<worker_actor>(self->current_sender());
  };
  return {
      [forward, remember_sender](const message<messages::PullParameters>& pull) {
        remember_sender(pull.read()->getWorker());
        forward(pull);
      },
      [forward, remember_sender](const message<messages::PushGradient>& push) {
        remember_sender(push.read()->getWorker());
        forward(push);
      },
      [forward](const message<messages::ChangeMembership>& change) { forward(change); },
      [forward](const message<messages::TakeSnapshot>& request) { forward(request); },
      [forward](const message<messages::TakeReport>& request) { forward(request); },
  };
}

void shard_state::perform(effects&& what) {
  auto deliver = overload{
      [this](const send& letter, const message<messages::ParametersPulled>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
      [this](const send& letter, const message<messages::GradientApplied>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
      [this](const send&, const message<messages::SnapshotTaken>& body) { compat::send(self, coordinator, body); },
      [this](const send&, const message<messages::ShardReport>& body) { compat::send(self, coordinator, body); },
      [this](const send&, const message<messages::MemberFailed>& body) { compat::send(self, coordinator, body); },
      [](const send&, const auto&) { throw std::logic_error("a shard has nothing of this kind to send"); },
  };
  for (auto& one : what)
    std::visit(overload{
                   [&deliver](const send& letter) {
                     std::visit([&](const auto& body) { deliver(letter, body); }, letter.what);
                   },
                   [](const auto&) { throw std::logic_error("a shard has no such effect"); },
               },
               one);
}

} // namespace drover

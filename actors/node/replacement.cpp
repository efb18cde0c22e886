#include "drover/actors/node/replacement.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace drover {

namespace {

constexpr std::chrono::seconds spawn_timeout{10};

} // namespace

replacement_actor::behavior_type replacement_behavior(replacement_actor::stateful_pointer<replacement_state> self,
                                                      std::string token, std::string job,
                                                      std::vector<replacement_state::place> places) {
  compat::explain_exceptions(self);
  auto& state = compat::state(self);
  state.self = self;
  state.token = std::move(token);
  state.job = std::move(job);
  state.places = std::move(places);
  for (const auto& one : state.places)
    state.watched.watch(self, one.node, [&state, gone = one.node.address()](const caf::error&) {
      std::erase_if(state.places, [&gone](const auto& each) { return each.node.address() == gone; });
    });
  return {[&state](std::uint32_t) -> caf::result<member_actor> {
    auto found = std::ranges::min_element(state.places, {}, &replacement_state::place::members);
    if (found == state.places.end())
      return caf::make_error(caf::sec::runtime_error, "no node is left");
    ++found->members;
    auto answer = state.self->make_response_promise<member_actor>();
    compat::request(
        state.self, found->node, spawn_timeout,
        [answer](const member_actor& member) mutable { answer.deliver(member); },
        [answer](const caf::error& problem) mutable { answer.deliver(problem); }, spawn_member{state.token, state.job});
    return answer;
  }};
}

} // namespace drover

#include "drover/actors/node/network.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <caf/event_based_actor.hpp>

#include <cstdio>

// Which nodes are heard of. What its address answers tells one that is dead (the host refuses) from one that stands
// still (the host takes the connection, nobody answers) and one that is cut off (nothing comes back).

namespace drover {

namespace {

constexpr std::chrono::seconds look_interval{1};
// For what an address answers.
constexpr std::chrono::seconds probe_timeout{2};

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

} // namespace

double places_state::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void places_state::look_after() {
  auto then = now();
  // This process stood still itself: nobody listened.
  if (then - looked_after > 2 * std::chrono::duration<double>(look_interval).count())
    for (auto& one : places)
      one.heard.forgive(then);
  looked_after = then;
  for (auto& one : places) {
    if (!std::exchange(one.is_asked, true))
      ask(one.node);
    if (!one.is_suspected && one.heard.is_late(then))
      suspect(one);
  }
  compat::delayed_send(self, places_actor{self}, look_interval, look_after_places{});
}

void places_state::ask(const node_actor& node) {
  compat::request(
      self, node, caf::infinite, [this, node](const message<messages::NodeStatus>&) { hear(node); },
      [this, node](const caf::error&) {
        if (auto* one = find(node))
          one->is_asked = false;
      },
      ask_status{job.token});
}

void places_state::hear(const node_actor& node) {
  auto* one = find(node);
  if (!one)
    return;
  one->is_asked = false;
  auto silence = one->heard.silence(now());
  one->heard.hear(now());
  if (!std::exchange(one->is_suspected, false))
    return;
  note("node " + to_string(one->address) + " is heard of again, after " + seconds_text(silence));
  if (coordinator && one->takes_members())
    fill(node);
}

void places_state::suspect(place& one) {
  one.is_suspected = true;
  // Whoever was here is not waited for, and told to end.
  one.members = static_cast<std::uint32_t>(one.shards.size());
  ++one.lives;
  one.silence = "nothing is heard of node " + to_string(one.address) + " for " + seconds_text(one.heard.silence(now()));
  note(one.silence + ", " + seconds_text(one.heard.deadline()) + " are allowed");
  probe(one.address);
  give_up(one);
}

void places_state::give_up(const place& one) {
  if (coordinator)
    compat::send(self, coordinator, lost_host{one.node.node(), one.silence});
}

void places_state::note(const std::string& sentence) {
  if (coordinator)
    compat::send(self, coordinator, noted{sentence});
}

void places_state::probe(const node_address& where) {
  if (!coordinator)
    return;
  self->spawn<caf::detached>([whom = coordinator, where](caf::event_based_actor*) {
    auto problem = wait_until_reachable({where}, probe_timeout).front();
    auto found = problem.empty() ? " takes connections" : " does not take connections: " + problem;
    compat::anon_send(whom, noted{"the address of node " + to_string(where) + found});
  });
}

} // namespace drover

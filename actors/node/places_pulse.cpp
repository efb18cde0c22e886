#include "drover/actors/node/network.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <caf/event_based_actor.hpp>

#include <cstdio>

// Which nodes are heard of. What its address answers tells one that is dead (the host refuses) from one that stands
// still (the host takes the connection, nobody answers) and one that is cut off (nothing comes back).

namespace drover {

namespace {

constexpr auto look_interval = std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::duration<double>{node_roster::look_interval_seconds});
// For what an address answers.
constexpr std::chrono::seconds probe_timeout{2};
// A process that ends closes its sockets one after the other: the one that listens may outlive the one that told.
constexpr std::chrono::milliseconds end_of_process{500};

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
  auto looked = roster.look(now());
  for (auto number : looked.ask)
    ask(find(number)->node);
  for (const auto& one : looked.silent)
    suspect(*find(one.node), one);
  compat::delayed_send(self, places_actor{self}, look_interval, look_after_places{});
}

void places_state::ask(const node_actor& node) {
  compat::request(
      self, node, caf::infinite, [this, node](const message<messages::NodeStatus>&) { hear(node); },
      [this, node](const caf::error&) {
        if (const auto* one = find(node))
          roster.not_heard(one->number);
      },
      ask_status{job.token});
}

void places_state::hear(const node_actor& node) {
  auto* one = find(node);
  if (!one)
    return;
  auto silence = roster.hear(one->number, now());
  if (!silence)
    return;
  one->silence.reset();
  note("node " + to_string(one->address) + " is heard of again, after " + seconds_text(*silence));
  if (coordinator)
    fill(node);
}

void places_state::suspect(place& one, const node_roster::silence& heard) {
  one.silence = "nothing is heard of node " + to_string(one.address) + " for " + seconds_text(heard.seconds);
  note(*one.silence + ", " + seconds_text(heard.allowed) + " are allowed");
  probe(one.address);
  give_up(one);
}

void places_state::give_up(const place& one) {
  if (coordinator)
    compat::send(self, coordinator, lost_host{one.node.node(), *one.silence});
}

void places_state::note(const std::string& sentence) {
  if (coordinator)
    compat::send(self, coordinator, noted{sentence});
}

void places_state::probe(const node_address& where) {
  if (!coordinator)
    return;
  self->spawn<caf::detached>([whom = coordinator, where](caf::event_based_actor* asking) -> caf::behavior {
    compat::delayed_send(asking, caf::actor{asking}, end_of_process, caf::tick_atom_v);
    return {[asking, whom, where](caf::tick_atom) {
      auto problem = wait_until_reachable({where}, probe_timeout).front();
      auto found = problem.empty() ? " takes connections" : " does not take connections: " + problem;
      compat::anon_send(whom, noted{"the address of node " + to_string(where) + found});
      asking->quit();
    }};
  });
}

} // namespace drover

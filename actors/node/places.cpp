#include "drover/actors/node/places.hpp"

#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/timeouts.hpp"
#include "drover/actors/worker_device.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

constexpr std::chrono::seconds look_timeout{2};
// A node that joins may have to read much.
constexpr std::chrono::minutes prepare_timeout{30};

} // namespace

connect_nodes::peer peer_of(const places_state::place& one) {
  auto status = one.status.read();
  return {to_string(one.address), one.node.node(), status->getDataPort(), status->getDataToken()};
}

std::set<std::string> devices_of(const places_state::place& one) {
  std::set<std::string> result;
  auto status = one.status.read();
  for (auto name : status->getDeviceNames())
    result.emplace(name.cStr());
  return result;
}

places_actor::behavior_type places_behavior(places_actor::stateful_pointer<places_state> self,
                                            places_state::job_ticket job, std::vector<places_state::place> places) {
  compat::set_up(self);
  auto& state = compat::state(self);
  state.self = self;
  state.job = std::move(job);
  for (auto& one : places)
    state.add(std::move(one));
  state.look_after();
  return {
      [&state](const serve_coordinator& begun) {
        state.coordinator = begun.coordinator;
        for (auto& early : std::exchange(state.early, {}))
          state.take_in(early.first, early.second);
        for (const auto& one : state.places)
          if (one.silence)
            state.give_up(one);
      },
      [&state](const place_member& wanted) { return state.spawn(wanted); },
      [&state](const join_job& request) -> caf::result<std::uint32_t> {
        if (!same_token(request.token, state.job.door.token))
          return wrong_token(state.self->system(), state.self->current_sender(), "job");
        if (!state.job.door.takes_nodes)
          return refusal("its workers and shards are in processes of its trainer's own, and no node can join");
        auto answer = state.self->make_response_promise<std::uint32_t>();
        if (state.coordinator)
          state.take_in(request, answer);
        else
          state.early.emplace_back(request, answer);
        return answer;
      },
      [&state](const leave_job& request) -> caf::result<void> {
        if (!same_token(request.token, state.job.token))
          return wrong_token(state.self->system(), state.self->current_sender(), "job");
        return state.let_go(request);
      },
      [&state](const ask_job& request) -> caf::result<message<messages::JobStatus>> {
        if (!same_token(request.token, state.job.door.token))
          return wrong_token(state.self->system(), state.self->current_sender(), "job");
        return state.look();
      },
      [&state](look_after_places) { state.look_after(); },
  };
}

void places_state::add(place one) {
  watched.watch(self, one.node, [this, gone = one.node](const caf::error& reason) {
    if (auto* lost = find(gone)) {
      note("node " + to_string(lost->address) + " is gone: " + compat::describe(reason));
      probe(lost->address);
      roster.remove(lost->number);
      std::erase_if(places, [&gone](const place& each) { return each.node == gone; });
    }
  });
  auto devices = devices_of(one);
  for (const auto& device : devices)
    missed_devices.erase(device);
  one.number = roster.add(now(), std::move(devices));
  for (const auto& [shard, member] : one.shards) {
    auto held = roster.begin(one.number, shard);
    watched.watch(self, member, [this, held](const caf::error&) { roster.end(held); });
  }
  places.push_back(std::move(one));
}

places_state::place* places_state::find(const node_actor& node) {
  auto found = std::ranges::find(places, node, &place::node);
  return found == places.end() ? nullptr : &*found;
}

places_state::place* places_state::find(std::optional<node_roster::number> number) {
  auto found = std::ranges::find(places, number, [](const place& one) { return std::optional{one.number}; });
  return found == places.end() ? nullptr : &*found;
}

caf::result<member_actor> places_state::spawn(const place_member& wanted) {
  auto* found = find(roster.emptiest(wanted.device));
  if (!found) {
    if (lacks_device(wanted.device) && missed_devices.insert(wanted.device).second)
      note("no node that is left has " + wanted.device + ", and a worker waits for one that has");
    return refusal("no node is left, or none is heard of");
  }
  auto answer = self->make_response_promise<member_actor>();
  spawn_on(*found, wanted.shard, [answer](const caf::expected<member_actor>& member) mutable {
    if (member)
      answer.deliver(*member);
    else
      answer.deliver(member.error());
  });
  return answer;
}

bool places_state::lacks_device(const std::string& device) const {
  return std::ranges::none_of(places, [&](const place& one) { return roster.has_device(one.number, device); });
}

void places_state::spawn_on(place& where, std::optional<std::uint32_t> shard, const spawned_function& done) {
  auto held = roster.begin(where.number, shard);
  compat::request(
      self, where.node, answer_timeout,
      [this, done, held](const member_actor& member) {
        roster.start(held);
        watched.watch(self, member, [this, held](const caf::error&) { roster.end(held); });
        done(member);
      },
      [this, done, held](const caf::error& problem) {
        roster.refuse(held);
        const auto* one = find(held.node);
        done(refusal("no member can be started on " + (one ? to_string(one->address) : "a node that is gone") + ": " +
                     explain(self->system(), problem)));
      },
      spawn_member{job.token, std::string{job.what.read()->getId()}, shard});
}

// Asked for its status, then to read the data, then to connect to the shards' nodes; each may be refused.
void places_state::take_in(const join_job& request, caf::typed_response_promise<std::uint32_t> answer) {
  place joining;
  try {
    joining = {node_address::parse(request.address), request.node, {}};
  } catch (const std::invalid_argument& problem) {
    return answer.deliver(refusal(problem.what()));
  }
  auto refuse = [answer](const caf::error& problem) mutable { answer.deliver(problem); };
  auto take = [this, answer](const place& one) mutable {
    if (find(one.node))
      return answer.deliver(refusal("this node takes part already"));
    add(one);
    note("node " + to_string(one.address) + " joins");
    answer.deliver(fill(one.node));
  };
  // Workers talk to shards, which may move.
  auto connect = [this, refuse, take](const place& one) {
    connect_nodes wanted{job.token, {}};
    for (const auto& each : places)
      wanted.peers.push_back(peer_of(each));
    compat::request(
        self, one.node, links_timeout, [take, one](std::uint32_t) mutable { take(one); }, refuse, wanted);
  };
  auto prepare = [this, answer, refuse, connect](const place& one) mutable {
    compat::request(
        self, one.node, prepare_timeout,
        [this, answer, connect, one](const message<messages::JobPrepared>& found) mutable {
          if (auto problem = mismatch(*found.read(), *job.context); !problem.empty())
            return answer.deliver(refusal(problem));
          connect(one);
        },
        refuse, prepare_job{job.token, job.what, places_actor{self}, job.data});
  };
  if (find(request.node))
    return answer.deliver(refusal("this node takes part already"));
  compat::request(
      self, request.node, answer_timeout,
      [prepare, joining](const message<messages::NodeStatus>& status) mutable {
        joining.status = status;
        prepare(joining);
      },
      refuse, ask_status{job.token});
}

std::uint32_t places_state::fill(const node_actor& node) {
  auto number = find(node)->number;
  auto what = job.context->what.read();
  std::set<std::uint32_t> stay;
  for (std::uint32_t worker = 0; worker < what.getWorkers(); ++worker)
    if (!roster.has_device(number, device_name_of(what, worker)))
      stay.insert(worker);
  std::uint32_t moved = 0;
  for (const auto& one : roster.make_room(number)) {
    compat::send(self, coordinator, vacate_host{find(one.node)->node.node(), one.workers, stay});
    moved += one.workers;
  }
  return std::min(moved, what.getWorkers() - static_cast<std::uint32_t>(stay.size()));
}

// The coordinator and every node are asked at once; who does not answer in time is left out.
caf::result<message<messages::JobStatus>> places_state::look() {
  if (!coordinator)
    return refusal("the job has not begun yet");
  struct gathered {
    caf::typed_response_promise<message<messages::JobStatus>> answer;
    std::vector<place> places;
    message<messages::JobView> view;
    std::vector<message<messages::NodeStatus>> nodes;
    std::size_t open;
  };
  auto all = std::make_shared<gathered>(
      gathered{self->make_response_promise<message<messages::JobStatus>>(), places, {}, {}, places.size() + 1});
  all->nodes.resize(places.size());
  auto one_less = [this, all] {
    if (--all->open != 0)
      return;
    message_builder<messages::JobStatus> result;
    result->setJob(job.what.read()->getId());
    result->setHost(to_string(self->node()));
    result->setDataNumber(job.ways ? job.ways->number() : 0);
    if (!all->view.empty())
      result->setView(*all->view.read());
    auto nodes = result->initNodes(static_cast<unsigned>(all->places.size()));
    for (unsigned i = 0; i < nodes.size(); ++i) {
      nodes[i].setAddress(to_string(all->places[i].address));
      nodes[i].setHost(to_string(all->places[i].node.node()));
      if (all->nodes[i].empty())
        continue;
      nodes[i].setStatus(*all->nodes[i].read());
      nodes[i].getStatus().setDataToken("");
    }
    all->answer.deliver(result.finish());
  };
  compat::request(
      self, coordinator, look_timeout,
      [all, one_less](const message<messages::JobView>& view) {
        all->view = view;
        one_less();
      },
      [one_less](const caf::error&) { one_less(); }, look_at_job{});
  for (std::size_t i = 0; i < places.size(); ++i)
    compat::request(
        self, places[i].node, look_timeout,
        [all, one_less, i](const message<messages::NodeStatus>& status) {
          all->nodes[i] = status;
          one_less();
        },
        [one_less](const caf::error&) { one_less(); }, ask_status{job.token});
  return all->answer;
}

} // namespace drover

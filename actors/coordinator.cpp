#include "drover/actors/coordinator.hpp"

#include "drover/actors/core/overload.hpp"
#include "drover/actors/evaluator.hpp"
#include "drover/actors/member.hpp"
#include "drover/actors/worker_device.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <limits>
#include <string>
#include <variant>

namespace drover {

namespace {

constexpr std::chrono::seconds find_timeout{30};

} // namespace

coordinator_actor::behavior_type coordinator_behavior(coordinator_actor::stateful_pointer<coordinator_state> self,
                                                      std::shared_ptr<const job_context> context,
                                                      observer_actor observer, placed_members placed) {
  compat::set_up(self);
  auto& state = compat::state(self);
  state.self = self;
  state.context = std::move(context);
  state.observer = std::move(observer);
  state.placed = std::move(placed);
  // Who is lost beside the coordinator has no other place.
  auto has_places = state.placed.places && !state.placed.shards.empty();
  state.core = std::make_unique<coordinator_core>(state.context->plan, has_places);
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
  if (state.placed.places)
    compat::send(self, state.placed.places, serve_coordinator{coordinator_actor{self}});
  state.begin();

  auto forward = [&state](const auto& event) { state.perform(state.core->handle(event, state.now())); };
  auto from_worker = [&state, forward](const auto& event) {
    if (!state.is_from_replaced(event))
      forward(event);
  };
  return {
      [from_worker](const message<messages::WorkerProgress>& progress) { from_worker(progress); },
      [forward](const message<messages::SnapshotTaken>& snapshot) { forward(snapshot); },
      [forward](const message<messages::ShardReport>& report) { forward(report); },
      [forward](const message<messages::MembershipAdopted>& adopted) { forward(adopted); },
      [from_worker](const message<messages::JoinTraining>& request) { from_worker(request); },
      [from_worker](const message<messages::WorkerLeft>& left) { from_worker(left); },
      [from_worker](const message<messages::MemberFailed>& failure) { from_worker(failure); },
      [forward](const evaluated& result) { forward(result); },
      [forward](const evaluation_failed& failure) { forward(failure); },
      [forward](const evaluation_progressed& news) { forward(news); },
      [forward](const timer_fired& timer) { forward(timer); },
      [forward](const stop_requested& request) { forward(request); },
      [&state](const vacate_host& what) { state.vacate(what); },
      [&state](const lost_host& what) { state.lose(what); },
      [forward](const noted& what) { forward(what); },
      [&state](const move_shard& what) { return state.move(what); },
      [forward](const shard_copied& what) { forward(what); },
      [&state](const shard_not_copied& what) { state.fail_move(what); },
      [&state](look_at_job) { return state.look(); },
  };
}

void coordinator_state::begin() {
  workers.resize(context->what.read().getWorkers());
  if (!placed.shards_begun)
    return perform(core->start(now()));
  shards = placed.shards;
  for (std::uint32_t shard = 0; shard < shards.size(); ++shard) {
    watch(shards[shard], shard_address(shard));
    compat::send(self, shards[shard], take_over_shard{coordinator_actor{self}});
  }
  perform(core->resume(now()));
}

double coordinator_state::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

namespace {

std::uint32_t worker_of(const message<messages::MemberFailed>& failure) {
  auto view = failure.read();
  return view->getRole() == messages::MemberFailed::Role::WORKER ? view->getIndex()
                                                                 : std::numeric_limits<std::uint32_t>::max();
}

template <class T>
std::uint32_t worker_of(const message<T>& said) {
  return said.read()->getWorker();
}

// What is said for an actor that went with its process, or with the way to it; whatever else ends one is its own doing.
bool is_host_lost(const caf::error& reason) {
  return reason == caf::exit_reason::remote_link_unreachable || reason == caf::exit_reason::user_shutdown ||
         reason == caf::exit_reason::kill;
}

} // namespace

template <class T>
bool coordinator_state::is_from_replaced(const message<T>& said) {
  if (!placed.places)
    return false;
  try {
    auto worker = worker_of(said);
    auto sender = self->current_sender();
    if (worker >= workers.size() || sender == caf::actor_cast<caf::strong_actor_ptr>(workers[worker]))
      return false;
    caf::anon_send_exit(caf::actor_cast<caf::actor>(sender), caf::exit_reason::user_shutdown);
    return true;
  } catch (const kj::Exception&) {
    return false; // it cannot be read: the core says so
  }
}

void coordinator_state::watch(const member_actor& whom, address who) {
  watched.watch(self, whom, [this, who, whom = caf::actor_cast<caf::actor_addr>(whom)](const caf::error& reason) {
    const auto& known = who.kind == address::role::worker ? workers : shards;
    if (whom != caf::actor_cast<caf::actor_addr>(known.at(who.index)))
      return; // another took its place
    if (who.kind == address::role::shard && replace(who.index))
      return;
    auto elsewhere = whom.node() != self->node();
    auto why = compat::describe(reason);
    // Of others their places say where they were; with a shard the job may end.
    if (auto host = placed.hosts.find(whom.node()); who.kind == address::role::shard && host != placed.hosts.end())
      why += " (node " + host->second + ')';
    perform(core->handle(member_down{who, why, elsewhere && is_host_lost(reason)}, now()));
  });
}

void coordinator_state::perform(effects&& what) {
  auto deliver = overload{
      [this](const send& letter, const message<messages::LeaseSlices>& body) {
        compat::send(self, workers.at(letter.to.index), body);
      },
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
                   [this](const find_place& wanted) { find(wanted.worker); },
                   [this](const start_replacement& wanted) { start(wanted); },
                   [this](const copy_shard& wanted) { start(wanted); },
                   [this](const replace_shard& wanted) { start(wanted); },
                   [this](const thaw_shard& still) { compat::send(self, shards.at(still.shard), release_shard{}); },
                   [this](const drover::tell_place& moved) { tell_place(moved.shard); },
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
  return own_thread ? self->spawn<caf::detached>(member_behavior, context, nullptr, false)
                    : self->spawn(member_behavior, context, nullptr, false);
}

void coordinator_state::start(const spawn_shard& wanted) {
  shards.push_back(placed.shards.empty() ? spawn_member(wanted.own_thread) : placed.shards.at(wanted.index));
  watch(shards.back(), shard_address(wanted.index));
  compat::send(self, shards.back(), start_shard{wanted.assignment, coordinator_actor{self}});
}

void coordinator_state::start(const spawn_worker& wanted) {
  auto place_of = [this, &wanted](std::uint32_t index) {
    auto& worker = workers.at(index);
    if (wanted.beside_shard)
      worker = shards.front();
    else if (!worker)
      worker = placed.workers.empty() ? spawn_member(true) : placed.workers.at(index);
    return worker;
  };
  start_worker start{wanted.index, 0, wanted.assignment, {shards.begin(), shards.end()}, coordinator_actor{self}};
  for (std::uint32_t other = 0; wanted.knows_others && other < workers.size(); ++other)
    start.others.emplace_back(place_of(other));
  auto worker = place_of(wanted.index);
  watch(worker, worker_address(wanted.index));
  compat::send(self, worker, start);
}

void coordinator_state::find(std::uint32_t worker) {
  compat::request(
      self, placed.places, find_timeout,
      [this, worker](const member_actor& place) {
        found = place;
        perform(core->handle(place_found{worker}, now()));
        if (auto unused = std::exchange(found, nullptr))
          caf::anon_send_exit(unused, caf::exit_reason::user_shutdown);
      },
      [this, worker](const caf::error&) { perform(core->handle(place_missing{worker}, now())); },
      place_member{{}, device_name_of(context->what.read(), worker)});
}

void coordinator_state::vacate(const vacate_host& what) {
  auto left = what.most;
  for (std::uint32_t worker = 0; worker < workers.size() && left > 0; ++worker)
    if (workers[worker] && workers[worker].node() == what.host && !what.stay.contains(worker)) {
      auto leaving = workers[worker];
      auto moves = core->handle(worker_moves{worker}, now());
      if (moves.empty())
        continue; // it is done, or will be soon
      --left;
      perform(std::move(moves));
      caf::anon_send_exit(leaving, caf::exit_reason::user_shutdown);
    }
}

void coordinator_state::lose(const lost_host& what) {
  for (std::uint32_t worker = 0; worker < workers.size(); ++worker) {
    // One that is a part of its shard is lost with that.
    auto is_shard = std::ranges::find(shards, workers[worker]) != shards.end();
    if (workers[worker] && workers[worker].node() == what.host && !is_shard)
      perform(core->handle(member_down{worker_address(worker), what.reason, true}, now()));
  }
}

void coordinator_state::start(const start_replacement& wanted) {
  auto& worker = workers.at(wanted.worker);
  // Should it be there still, it must not speak for its part any more.
  caf::anon_send_exit(std::exchange(worker, std::exchange(found, nullptr)), caf::exit_reason::user_shutdown);
  watch(worker, worker_address(wanted.worker));
  compat::send(self, worker,
               start_worker{wanted.worker, wanted.life, {}, {shards.begin(), shards.end()}, coordinator_actor{self}});
}

message<messages::JobView> coordinator_state::look() {
  message_builder<messages::JobView> result;
  perform(core->look(result.root()));
  auto seen = result->getWorkers();
  for (std::uint32_t worker = 0; worker < workers.size(); ++worker)
    if (workers[worker])
      seen[worker].setHost(to_string(workers[worker].node()));
  auto hosts = result->initShardHosts(static_cast<unsigned>(shards.size()));
  for (unsigned shard = 0; shard < shards.size(); ++shard)
    hosts.set(shard, to_string(shards[shard].node()));
  return result.finish();
}

void coordinator_state::end(const finish_job& result) {
  for (const auto& worker : workers)
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
  for (const auto& shard : shards)
    caf::anon_send_exit(shard, caf::exit_reason::user_shutdown);
  for (const auto& [shard, one] : moving) {
    caf::anon_send_exit(one.mover, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(one.place, caf::exit_reason::user_shutdown);
  }
  if (placed.places)
    caf::anon_send_exit(placed.places, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(evaluator, caf::exit_reason::user_shutdown);
  compat::send(self, observer, result);
  self->quit();
}

} // namespace drover

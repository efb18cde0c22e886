#include "drover/actors/core/overload.hpp"
#include "drover/actors/sim/world.hpp"

#include <utility>
#include <variant>

// Nodes that leave: what their evacuation wants is done here, as the places of a coordinator do.

namespace drover::sim {

void world::take(const node_leaves& what) {
  auto& on = machines_[what.machine];
  if (!coordinator_host_.is_up || !on.node || std::exchange(on.leaves, true))
    return;
  mark_process(coordinator_host_.where);
  for (auto* one : checkers_)
    one->on_node(now_, what.machine, checker::node_news::leaves);
  perform(evacuation_->leave(*on.node));
}

void world::perform(const evacuation::step& next) {
  std::visit(overload{
                 [](std::monostate) {},
                 [this](const evacuation::move& what) {
                   auto machine = machine_of(what.to);
                   for (auto* one : checkers_)
                     one->on_choice(now_, machine, true);
                   auto place = hold(machine, what.shard);
                   queue_.push(some_time(), room_asked{coordinator_host_.where, what, place});
                 },
                 [this](const evacuation::departure& what) {
                   auto machine = machine_of(what.node);
                   machines_[machine].node.reset();
                   for (auto* one : checkers_)
                     one->on_node(now_, machine, checker::node_news::left);
                   for (std::uint32_t worker = 0; worker < speakers_.size(); ++worker)
                     if (workers_[speakers_[worker]].machine == machine)
                       move_away(worker);
                   perform(evacuation_->next());
                 },
                 [this](const evacuation::stay& what) {
                   auto machine = machine_of(what.node);
                   machines_[machine].leaves = false;
                   for (auto* one : checkers_)
                     one->on_node(now_, machine, checker::node_news::stays);
                   perform(evacuation_->next());
                 },
             },
             next);
}

void world::take(const room_asked& what) {
  if (!is_up(what.who))
    return;
  // In real runs no shard moves for another reason.
  if (shards_[what.what.shard].is_frozen) {
    queue_.push(tried_again(), what);
    return;
  }
  auto place = what.place;
  if (!is_reached(place.machine) || node_draws_.chance(replacement_.missing)) {
    give_back(place, true);
    return perform(evacuation_->not_moved("it has no room"));
  }
  keep(place);
  give_back(place); // it is taken again where the shard may go
  auto shard = what.what.shard;
  auto takes = some_time() - now_;
  shard_move_ = {.at = now_, .shard = shard, .machine = place.machine, .takes = takes, .fails = false};
  auto begun = shards_[shard].is_up ? coordinator_.handle(shard_moves{shard}, coordinator_seconds()) : effects{};
  if (begun.empty()) {
    perform(evacuation_->refused("it cannot move now"));
  } else {
    evacuated_ = shard;
    perform(coordinator_host_.where, std::move(begun));
    handled(coordinator_host_.who);
  }
  shard_move_.reset();
}

void world::tell_evacuation(std::uint32_t shard, const std::string& problem) {
  if (evacuated_ != shard)
    return;
  evacuated_.reset();
  perform(problem.empty() ? evacuation_->moved() : evacuation_->refused(problem));
}

} // namespace drover::sim

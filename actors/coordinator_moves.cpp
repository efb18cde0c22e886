#include "drover/actors/coordinator.hpp"
#include "drover/actors/shard_mover.hpp"

#include <string>
#include <utility>

// Shards that go on elsewhere.

namespace drover {

// Where the job ends, whoever asks hears so when it has: then there is no shard any more.
caf::result<void> coordinator_state::move(const move_shard& what) {
  auto begun = core->handle(shard_moves{what.shard}, now());
  if (!begun.empty()) {
    placed.hosts[what.place.node()] = what.host;
    auto asked = self->make_response_promise<void>();
    moving.insert_or_assign(what.shard, moving_shard{what.place, {}, asked});
    perform(std::move(begun));
    return asked;
  }
  caf::anon_send_exit(what.place, caf::exit_reason::user_shutdown);
  if (core->ends())
    return asked_at_end.emplace_back(self->make_response_promise<void>());
  return caf::make_error(caf::sec::runtime_error, "shard " + std::to_string(what.shard) +
                                                      " cannot move now: it does already, or its trainer is new");
}

void coordinator_state::start(const copy_shard& wanted) {
  auto& one = moving.at(wanted.shard);
  auto mover =
      self->spawn(shard_mover_behavior, shard_move{wanted.shard, shards.at(wanted.shard), one.place, wanted.assignment},
                  coordinator_actor{self});
  one.mover = mover;
  watched.watch(self, mover, [this, shard = wanted.shard](const caf::error& reason) {
    if (auto open = moving.find(shard); open != moving.end() && !open->second.is_copied)
      fail_move({shard, "whoever copied it ended: " + compat::describe(reason)});
  });
}

// The next one goes on when this one is gone.
void coordinator_state::start(const replace_shard& wanted) {
  moving.at(wanted.shard).is_copied = true;
  caf::anon_send_exit(shards.at(wanted.shard), caf::exit_reason::user_shutdown);
}

bool coordinator_state::replace(std::uint32_t shard) {
  auto one = moving.find(shard);
  if (one == moving.end() || !one->second.is_copied)
    return false;
  auto next = std::move(moving.extract(one).mapped());
  shards.at(shard) = next.place;
  watch(next.place, shard_address(shard));
  compat::send(self, next.place, release_shard{});
  perform(core->handle(shard_replaced{shard}, now()));
  next.asked.deliver();
  return true;
}

void coordinator_state::fail_move(const shard_not_copied& what) {
  if (auto failed = moving.extract(what.shard)) {
    caf::anon_send_exit(failed.mapped().place, caf::exit_reason::user_shutdown);
    failed.mapped().asked.deliver(caf::make_error(caf::sec::runtime_error, what.reason));
  }
  perform(core->handle(what, now()));
}

void coordinator_state::tell_place(std::uint32_t shard) {
  for (const auto& worker : workers)
    compat::send(self, worker, find_shard{shard, caf::actor_cast<shard_actor>(shards.at(shard))});
}

} // namespace drover

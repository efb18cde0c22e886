#include "drover/actors/shard_mover.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/type_ids.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace drover {

namespace {

// A worker may compute for long in the thread of its shard.
constexpr std::chrono::minutes copy_answer_timeout{1};

struct mover {
  caf::event_based_actor* self;
  shard_move move;
  coordinator_actor coordinator;
  compat::watcher watched = {};

  void begin() {
    watched.watch(self, move.from, [this](const caf::error& reason) { fail("it died: " + compat::describe(reason)); });
    watched.watch(self, move.to,
                  [this](const caf::error& reason) { fail("its new place: " + compat::describe(reason)); });
    watched.watch(self, coordinator, [this](const caf::error&) { self->quit(); });
    ask(
        move.from,
        [this](const frozen_shard& frozen) {
          ask(
              move.to, [this](bool is_complete) { go_on(is_complete, 0); },
              restore_shard{move.assignment, frozen, coordinator});
        },
        freeze_shard{});
  }

  void go_on(bool is_complete, std::uint64_t next) {
    if (is_complete)
      return end(shard_copied{move.shard});
    ask(
        move.from,
        [this](const message<messages::ShardValues>& piece) {
          auto view = piece.read();
          auto after = view->getFirst() + view->getValues().size() / sizeof(float);
          ask(
              move.to, [this, after](bool is_complete) { go_on(is_complete, after); }, piece);
        },
        ask_values{next});
  }

  template <class OnAnswer, class Request>
  void ask(const member_actor& whom, OnAnswer on_answer, const Request& what) {
    compat::request(
        self, whom, copy_answer_timeout, std::move(on_answer),
        [this](const caf::error& problem) { fail(compat::describe(problem)); }, what);
  }

  void fail(const std::string& why) { end(shard_not_copied{move.shard, why}); }

  template <class Outcome>
  void end(const Outcome& outcome) {
    compat::send(self, coordinator, outcome);
    self->quit();
  }
};

} // namespace

caf::behavior shard_mover_behavior(caf::event_based_actor* self, const shard_move& move,
                                   const coordinator_actor& coordinator) {
  compat::set_up(self);
  auto state = std::make_shared<mover>(mover{self, move, coordinator});
  state->begin();
  return {[state](stop_requested) { state->self->quit(); }};
}

} // namespace drover

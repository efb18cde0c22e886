#include "drover/actors/shard_mover.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/cluster.hpp"
#include "drover/actors/core/assignments.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/member.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <string>

// One shard, a place for it, and a test that is their coordinator.

using namespace drover;

namespace {

constexpr std::chrono::seconds answer_wait{20};
constexpr auto said_nothing = "nothing was said";

struct meta_objects {
  meta_objects() { init_global_meta_objects(); }
};

struct moving : meta_objects {
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  std::shared_ptr<const job_context> context = [] {
    auto what = test::blob_job();
    what->setShards(1);
    what->setOptimizer(messages::Optimizer::ADAM);
    return job_context::make(what, train_options{}.models, test::blob_data(300));
  }();
  message<messages::HostShard> assignment = assign_shard(context->plan, membership{1, 1}, 0);
  coordinator_actor coordinator = caf::actor_cast<coordinator_actor>(caf::actor_cast<caf::strong_actor_ptr>(self));
  member_actor from = spawn_member();
  member_actor to = spawn_member();

  ~moving() {
    for (const auto& one : {from, to})
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  }
  moving() = default;
  moving(const moving&) = delete;
  moving& operator=(const moving&) = delete;

  member_actor spawn_member() { return system.spawn(member_behavior, context, nullptr, true); }

  void host() { compat::send(self.ptr(), from, start_shard{assignment, coordinator}); }

  // Why not, or nothing.
  std::optional<std::string> move() {
    system.spawn(shard_mover_behavior, shard_move{0, from, to, assignment}, coordinator);
    std::optional<std::string> result{said_nothing};
    self->receive([&result](const shard_copied&) { result.reset(); },
                  [&result](const shard_not_copied& why) { result = why.reason; }, caf::after(answer_wait) >> [] {});
    return result;
  }

  // Blocks that it gives away; nothing where it says nothing.
  std::optional<std::size_t> blocks_of(const member_actor& one) {
    compat::send(self.ptr(), one, message_builder<messages::TakeSnapshot>{}.finish());
    std::optional<std::size_t> result;
    self->receive(
        [&](const message<messages::SnapshotTaken>& snapshot) { result = snapshot.read()->getBlocks().size(); },
        caf::after(std::chrono::milliseconds{200}) >> [] {});
    return result;
  }
};

} // namespace

TEST_CASE("a shard is copied, and neither it nor the copy goes on before that is said") {
  moving one;
  auto all = one.context->plan.layout->blocks().size();
  one.host();
  CHECK(one.blocks_of(one.from) == all);
  CHECK_FALSE(one.move());
  CHECK_FALSE(one.blocks_of(one.from));
  CHECK_FALSE(one.blocks_of(one.to));
  compat::send(one.self.ptr(), one.to, release_shard{});
  CHECK(one.blocks_of(one.to) == all);
  compat::send(one.self.ptr(), one.from, release_shard{});
  CHECK(one.blocks_of(one.from) == all);
}

TEST_CASE("what keeps a shard from being copied is said") {
  moving one;
  CHECK(one.move() == "there is no shard here");
  one.host();
  compat::send(one.self.ptr(), one.to, start_shard{one.assignment, one.coordinator});
  CHECK(one.move() == "it hosts something already");
  one.self->send_exit(one.to, caf::exit_reason::kill);
  auto why = one.move();
  CHECK(why);
  CHECK(why != said_nothing);
  one.to = one.spawn_member();
  one.self->send_exit(one.from, caf::exit_reason::kill);
  why = one.move();
  CHECK(why);
  CHECK(why != said_nothing);
}

#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node.hpp"
#include "drover/actors/node/node_behavior.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// Nodes and the places of made-up jobs, which answer as each test wants them to.

using namespace drover;

namespace {

constexpr std::chrono::seconds answer_wait{10};

using join_function = std::function<caf::result<std::uint32_t>(places_actor::pointer)>;
using leave_function = std::function<caf::result<void>(places_actor::pointer)>;

places_actor::behavior_type made_up_places(places_actor::pointer self, const join_function& join,
                                           const leave_function& leave) {
  return {
      [](const serve_coordinator&) {},
      [](const place_member&) -> caf::result<member_actor> { return refusal("made up"); },
      [self, join](const join_job&) { return join(self); },
      [self, leave](const leave_job&) { return leave(self); },
      [](const ask_job&) -> caf::result<message<messages::JobStatus>> { return refusal("made up"); },
      [](look_after_places) {},
  };
}

caf::result<void> lets_go(places_actor::pointer) {
  return caf::unit;
}

caf::error refuses(places_actor::pointer) {
  return refusal("a shard is here");
}

struct meta_objects {
  meta_objects() { init_node_meta_objects(); }
};

struct place : meta_objects {
  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
};

// A node that takes part in jobs.
struct hosting : place {
  caf::scoped_actor self{system};
  std::vector<places_actor> jobs;
  node_actor node;

  hosting() {
    node_options options;
    options.data = test::blob_data(300);
    node = system.spawn(node_behavior, options, std::make_shared<links>(system, nullptr));
  }
  ~hosting() {
    for (const auto& one : jobs)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  }
  hosting(const hosting&) = delete;
  hosting& operator=(const hosting&) = delete;

  void add_job(const std::string& id, const leave_function& leave) {
    jobs.push_back(system.spawn(made_up_places, refuses, leave));
    message_builder<messages::PrepareJob> request;
    request->setId(id);
    request->setJob(test::blob_job().read());
    compat::ask(self, node, answer_wait, prepare_job{"", request.finish(), jobs.back(), {}})
        .receive([](const message<messages::JobPrepared>&) {},
                 [](const caf::error& problem) { FAIL(compat::describe(problem)); });
  }

  bool is_leaving() {
    bool result = false;
    compat::ask(self, node, answer_wait, ask_status{""})
        .receive([&result](const message<messages::NodeStatus>& status) { result = status.read()->getLeaving(); },
                 [](const caf::error& problem) { FAIL(compat::describe(problem)); });
    return result;
  }

  // Why not, or nothing.
  std::string drain() {
    std::string result;
    compat::ask(self, node, answer_wait, drain_node{""})
        .receive([](std::uint32_t) {}, [&result](const caf::error& problem) { result = compat::describe(problem); });
    return result;
  }
};

} // namespace

TEST_CASE("a node that one of its jobs cannot spare stays, and is drained when it can") {
  hosting one;
  bool spares = false;
  one.add_job("1", lets_go);
  one.add_job("2", [&spares](auto* self) -> caf::result<void> {
    if (spares)
      return caf::unit;
    return refuses(self);
  });
  CHECK(one.drain() == "a shard is here");
  CHECK_FALSE(one.is_leaving());
  spares = true;
  CHECK(one.drain().empty());
  CHECK(one.is_leaving());
}

TEST_CASE("a node takes no members while one of two requests to drain it is under way") {
  hosting one;
  std::vector<caf::typed_response_promise<void>> open; // goes first
  bool is_first = true;
  one.add_job("1", [&](places_actor::pointer self) -> caf::result<void> {
    if (std::exchange(is_first, false))
      return refuses(self);
    open.push_back(self->make_response_promise<void>());
    return open.back();
  });
  auto refused = compat::ask(one.self, one.node, answer_wait, drain_node{""});
  compat::send(one.self.ptr(), one.node, drain_node{""});
  std::string why;
  refused.receive([](std::uint32_t) {}, [&why](const caf::error& problem) { why = compat::describe(problem); });
  CHECK(why == "a shard is here");
  CHECK(one.is_leaving());
}

TEST_CASE("a node that would join is told when the trainer goes instead of answering") {
  place trainer;
  place joining;
  std::vector<caf::typed_response_promise<std::uint32_t>> open; // goes first
  auto job = trainer.system.spawn(
      made_up_places,
      [&open](places_actor::pointer self) -> caf::result<std::uint32_t> {
        open.push_back(self->make_response_promise<std::uint32_t>());
        self->quit();
        return open.back();
      },
      refuses);
  node_address where{"127.0.0.1", 0};
  where.port = publish(trainer.system, caf::actor_cast<caf::actor>(job), where);
  node_options options;
  node here{joining.system, options};
  std::string why;
  try {
    (void)here.join(where);
  } catch (const std::runtime_error& refused) {
    why = refused.what();
  }
  CHECK(why == "cannot join the job at " + to_string(where) + ": the job is over, or its trainer is gone");
}

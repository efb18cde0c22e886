#include "drover/actors/node/links.hpp"

#include "drover/actors/node/node_config.hpp"
#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace drover;

namespace {

using push = message<messages::PushGradient>;

constexpr std::chrono::seconds patience{20};
const auto push_kind = static_cast<std::uint16_t>(protocol_message{push{}}.index());
const auto join_kind = static_cast<std::uint16_t>(protocol_message{message<messages::JoinTraining>{}}.index());

// What was said, from whatever thread.
class diary {
public:
  void add(const std::string& sentence) {
    std::lock_guard lock{mutex_};
    text_ += sentence + "\n";
    changed_.notify_all();
  }
  bool wait_for(const std::string& words) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [&] { return text_.find(words) != std::string::npos; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
};

struct meta_objects {
  meta_objects() { init_node_meta_objects(); }
};

// A process, as far as the data plane can tell.
struct process : meta_objects {
  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
  diary said;
  links ways;
  caf::scoped_actor self{system};

  explicit process(plane::way best = plane::way::shared_memory)
      : ways{system, [this](const std::string& sentence) { said.add(sentence); }, best} {
    ways.listen({"127.0.0.1", 0});
    // What CAF does for every actor that others hear of.
    system.registry().put(self->id(), caf::actor_cast<caf::strong_actor_ptr>(self));
  }
  ~process() {
    system.registry().erase(self->id());
    ways.close();
  }
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  [[nodiscard]] links_address address() const { return {{"127.0.0.1", ways.port()}, ways.token()}; }
  [[nodiscard]] caf::strong_actor_ptr inbox() const { return caf::actor_cast<caf::strong_actor_ptr>(self); }
};

push numbered(std::uint64_t sequence) {
  message_builder<messages::PushGradient> result;
  result->setSequence(sequence);
  return result.finish();
}

std::uint64_t next_number(process& at) {
  std::uint64_t result = 0;
  at.self->receive([&result](const push& what) { result = what.read()->getSequence(); }, caf::after(patience) >> [] {});
  return result;
}

} // namespace

TEST_CASE("bulk goes to an actor of another process over a connection of its own, whoever made it") {
  process here;
  process there;
  auto sent = numbered(7);
  CHECK_FALSE(here.ways.carry(there.inbox(), push_kind, sent.shared_segments()));
  for (auto which : {plane::side::writes, plane::side::reads})
    here.ways.open(there.system.node(), there.address(), which);
  REQUIRE(here.ways.carry(there.inbox(), push_kind, sent.shared_segments()));
  CHECK(next_number(there) == 7);
  // The other end is there when this one is: it may take a moment until it is in use.
  auto until = std::chrono::steady_clock::now() + patience;
  while (!there.ways.carry(here.inbox(), push_kind, numbered(8).shared_segments()))
    REQUIRE(std::chrono::steady_clock::now() < until);
  CHECK(next_number(here) == 8);
  REQUIRE(here.ways.outlets().size() == 1);
  CHECK(here.ways.outlets().front().peer == there.ways.number());
  CHECK(here.ways.outlets().front().way == plane::way::shared_memory);
  CHECK(here.ways.outlets().front().traffic.frames == 1);
}

TEST_CASE("no better way than a process wants is taken where it connects") {
  process here{plane::way::tcp};
  process there;
  here.ways.open(there.system.node(), there.address(), plane::side::writes);
  REQUIRE(here.ways.outlets().size() == 1);
  CHECK(here.ways.outlets().front().way == plane::way::tcp);
}

TEST_CASE("a message that is not of every step ends the connection with a sentence, and CAF's way is left") {
  process here;
  process there;
  here.ways.open(there.system.node(), there.address(), plane::side::writes);
  CHECK(here.ways.carry(there.inbox(), join_kind, numbered(1).shared_segments()));
  CHECK(there.said.wait_for("a message of kind " + std::to_string(join_kind) + " does not travel this way"));
  auto until = std::chrono::steady_clock::now() + patience;
  while (!here.ways.outlets().empty() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  CHECK_FALSE(here.ways.carry(there.inbox(), push_kind, numbered(2).shared_segments()));
  CHECK(here.ways.outlets().empty());
  here.ways.open(there.system.node(), there.address(), plane::side::writes);
  CHECK(here.ways.carry(there.inbox(), push_kind, numbered(3).shared_segments()));
  CHECK(next_number(there) == 3);
}

TEST_CASE("what is for an actor that is gone is dropped, and the connection stays") {
  process here;
  process there;
  here.ways.open(there.system.node(), there.address(), plane::side::writes);
  caf::scoped_actor other{there.system};
  auto known = caf::actor_cast<caf::strong_actor_ptr>(other);
  there.system.registry().put(other->id(), known);
  auto gone = there.inbox();
  there.system.registry().erase(there.self->id());
  CHECK(here.ways.carry(gone, push_kind, numbered(1).shared_segments()));
  CHECK(here.ways.carry(known, push_kind, numbered(2).shared_segments()));
  // They come in order: the first has come when the second has.
  std::uint64_t number = 0;
  other->receive([&number](const push& what) { number = what.read()->getSequence(); }, caf::after(patience) >> [] {});
  CHECK(number == 2);
  there.system.registry().erase(other->id());
  bool came = false;
  there.self->receive([&came](const push&) { came = true; }, caf::after(std::chrono::seconds{0}) >> [] {});
  CHECK_FALSE(came);
}

TEST_CASE("both ends that connect to each other at once keep the same connections") {
  for (int i = 0; i < 20; ++i) {
    process here;
    process there;
    auto open_both = [](process& one, process& other) {
      one.ways.open(other.system.node(), other.address(), plane::side::writes);
      one.ways.open(other.system.node(), other.address(), plane::side::reads);
    };
    std::thread meanwhile{[&] { open_both(there, here); }};
    open_both(here, there);
    meanwhile.join();
    // What was superseded ends at once, and takes what was under way with it.
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    CHECK(here.ways.carry(there.inbox(), push_kind, numbered(1).shared_segments()));
    CHECK(there.ways.carry(here.inbox(), push_kind, numbered(2).shared_segments()));
    CHECK(next_number(there) == 1);
    CHECK(next_number(here) == 2);
  }
}

TEST_CASE("a process without the token is refused on the data plane, and its owner is told") {
  process here;
  process there;
  auto wrong = there.address();
  wrong.token.back() = wrong.token.back() == '0' ? '1' : '0';
  CHECK_THROWS_WITH_AS(here.ways.open(there.system.node(), wrong, plane::side::writes),
                       doctest::Contains("cannot be reached"), std::runtime_error);
  CHECK(there.said.wait_for("the data plane refused 127.0.0.1:"));
}

TEST_CASE("connections that were closed may be made again") {
  process here;
  process there;
  for (int i = 0; i < 3; ++i) {
    here.ways.open(there.system.node(), there.address(), plane::side::writes);
    CHECK(here.ways.carry(there.inbox(), push_kind, numbered(5).shared_segments()));
    CHECK(next_number(there) == 5);
    here.ways.clear();
    CHECK_FALSE(here.ways.carry(there.inbox(), push_kind, numbered(6).shared_segments()));
  }
}

#include "drover/actors/node/node.hpp"

#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/find_nodes.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_config.hpp"
#include "drover/actors/node/train_on_nodes.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <chrono>
#include <cstring>
#include <functional>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

// Nodes and trainer in one process, each with an actor system and a network of its own.

using namespace drover;

namespace {

// Made before any actor system.
struct meta_objects {
  meta_objects() { init_node_meta_objects(); }
};

node_options with_blobs(std::size_t samples = 300) {
  node_options options;
  options.data = test::blob_data(samples);
  return options;
}

struct place : meta_objects {
  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
  node here;

  explicit place(node_options options = with_blobs()) : here(system, std::move(options)) {}
};

job small_job() {
  auto what = test::blob_job();
  what->setConsistency("bsp");
  what->setWorkers(3);
  what->setShards(2);
  what->setEpochs(2);
  return what;
}

train_result train_on(const std::vector<const place*>& places, const job& what, const std::string& token = "") {
  node_access access;
  access.token = token;
  for (const auto* one : places)
    access.nodes.push_back(one->here.address());
  return train_on_nodes(what, access, test::with(test::blob_data(300)));
}

std::string refusal(const std::function<void()>& of) {
  try {
    of();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("bsp on nodes learns the bits of one process") {
  place one;
  place other;
  auto alone = test::flat(*train(small_job(), test::with(test::blob_data(300))).parameters);
  auto together = test::flat(*train_on({&one, &other}, small_job()).parameters);
  REQUIRE(alone.size() == together.size());
  CHECK(std::memcmp(alone.data(), together.data(), alone.size() * sizeof(float)) == 0);
}

TEST_CASE("a node serves one job after the other") {
  place one;
  for (int i = 0; i < 3; ++i) {
    auto result = train_on({&one}, small_job());
    CHECK(result.summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
  }
}

TEST_CASE("a model that nodes and trainer bring with them is trained on the nodes") {
  auto with_own = with_blobs();
  auto options = test::with(test::blob_data(300));
  for (auto* models : {&with_own.models, &options.models})
    models->add("own", [](const model_request& request) { return standard_models().make("softmax", request); });
  place one{with_own};
  place other{with_own};
  node_access access;
  access.nodes = {one.here.address(), other.here.address()};
  auto what = small_job();
  what->setModel("own");
  auto result = train_on_nodes(what, access, options);
  CHECK(result.summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
  auto alone = test::flat(*train(what, options).parameters);
  auto together = test::flat(*result.parameters);
  REQUIRE(alone.size() == together.size());
  CHECK(std::memcmp(alone.data(), together.data(), alone.size() * sizeof(float)) == 0);
}

TEST_CASE("a node without the job's model says so, and which node it is") {
  place knows;
  auto without = with_blobs();
  without.models = model_registry{};
  place does_not{without};
  auto sentence = refusal([&] { (void)train_on({&knows, &does_not}, small_job()); });
  CHECK(sentence.find("not every node can be used: " + to_string(does_not.here.address())) == 0);
  CHECK(sentence.find("mlp") != std::string::npos);
}

TEST_CASE("a node with other data than the trainer's is refused") {
  place one;
  place other{with_blobs(200)};
  auto sentence = refusal([&] { (void)train_on({&one, &other}, small_job()); });
  CHECK(sentence.find(to_string(other.here.address()) + ": its data have 200 samples") != std::string::npos);
  CHECK(sentence.find(to_string(one.here.address())) == std::string::npos);
}

TEST_CASE("who does not know the token is refused") {
  auto guarded = with_blobs();
  guarded.token = "right";
  place one{guarded};
  CHECK(refusal([&] { (void)train_on({&one}, small_job(), "wrong"); }) ==
        "not every node can be used: " + to_string(one.here.address()) + ": the token is not this node's");
  CHECK(train_on({&one}, small_job(), "right").summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
}

TEST_CASE("a shard that is too large for one message is refused before anything is started") {
  place one;
  job large = small_job();
  large->setModel("mlp:17000,17000");
  large->setShards(1);
  large->setBlockBytes(1 << 20);
  CHECK(refusal([&] { (void)train_on({&one}, large); }).find("use more shards") != std::string::npos);
}

TEST_CASE("an actor system may end at its heartbeat") {
  using namespace std::chrono;
  constexpr milliseconds heartbeat{10};
  static_cast<void>(meta_objects{});
  for (auto late = 0us; late < 2ms; late += 20us) {
    node_config config{std::nullopt, 1};
    config.set("caf.middleman.heartbeat-interval", caf::timespan{heartbeat});
    caf::weak_actor_ptr broker;
    {
      auto begin = steady_clock::now();
      caf::actor_system system{config};
      watch_connections(system);
      broker = caf::actor_cast<caf::weak_actor_ptr>(system.middleman().get_named_broker("BASP"));
      std::this_thread::sleep_until(begin + 2 * heartbeat + late);
    }
    REQUIRE_FALSE(broker.lock());
  }
}

TEST_CASE("a node that is busy while others connect to it answers them") {
  using namespace std::chrono;
  place busy;
  node_config config{std::nullopt, 1};
  config.set("caf.middleman.heartbeat-interval", caf::timespan{100ms});
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  busy.system.middleman().backend().post([] { std::this_thread::sleep_for(250ms); });
  auto found = find_nodes(system, self, {busy.here.address()}, "");
  CHECK(found.wrong.list() == "");
  CHECK(found.nodes.size() == 1);
}

// Says nothing, and goes.
void connect_for(const node_address& where, std::chrono::milliseconds time) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(where.port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto stranger = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::connect(stranger, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  std::this_thread::sleep_for(time);
  ::close(stranger);
}

TEST_CASE("a node whose threads are all busy answers whoever connects, when it can, though others went a moment ago") {
  using namespace std::chrono;
  place busy;
  place other;
  caf::scoped_actor asking{other.system};
  auto found = find_nodes(other.system, asking, {busy.here.address()}, "");
  REQUIRE(found.nodes.size() == 1);
  busy.system.spawn([](caf::event_based_actor*) { std::this_thread::sleep_for(500ms); });
  compat::send(asking.ptr(), found.nodes.front().node, ask_status{""}); // waits, and what comes after it
  place third;
  caf::scoped_actor self{third.system};
  // One that goes again; the next connection has its number.
  connect_for(busy.here.address(), 50ms);
  std::this_thread::sleep_for(50ms);
  auto there = connect(third.system, self, busy.here.address());
  REQUIRE(there);
  bool answers = false;
  compat::ask(self, caf::actor_cast<node_actor>(*there), 5s, ask_status{""})
      .receive([&answers](const message<messages::NodeStatus>&) { answers = true; }, [](const caf::error&) {});
  CHECK(answers);
}

TEST_CASE("a node that is silent for longer than is allowed is given up") {
  using namespace std::chrono;
  place silent;
  node_config config{std::nullopt, 1};
  allow_silence(config, 1s);
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto found = find_nodes(system, self, {silent.here.address()}, "");
  REQUIRE(found.nodes.size() == 1);
  self->monitor(found.nodes.front().node);
  silent.system.middleman().backend().post([] { std::this_thread::sleep_for(4s); });
  std::optional<bool> is_given_up;
  self->receive(
      [&is_given_up](const caf::down_msg& down) {
        is_given_up = down.reason == caf::exit_reason::remote_link_unreachable;
      },
      caf::after(3s) >> [] {});
  CHECK(is_given_up == true);
}

TEST_CASE("addresses of nodes are read, or refused with a sentence") {
  CHECK(to_string(node_address::parse("here:4500")) == "here:4500");
  CHECK(to_string(node_address::parse("[::1]:1")) == "[::1]:1");
  for (const char* text : {"", "here", ":1", "here:", "here:-1", "here:65536", "here:1x", "::1:5"})
    CHECK_MESSAGE(refusal([&] { (void)node_address::parse(text); }).find("is no node's address: ") != std::string::npos,
                  text);
  CHECK(parse_node_list("a:1,b:2").size() == 2);
  CHECK(parse_node_list(" a:1 , b:2, ") == parse_node_list("a:1,b:2"));
  CHECK_THROWS_AS((void)parse_node_list("a:1, ,b:2"), std::invalid_argument);
  CHECK_THROWS_AS((void)parse_node_list(" "), std::invalid_argument);
  CHECK_THROWS_AS((void)parse_node_list("a:1,b:2,a:1"), std::invalid_argument);
  CHECK_THROWS_AS((void)parse_node_list(""), std::invalid_argument);
}

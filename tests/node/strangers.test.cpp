#include "drover/actors/node/strangers.hpp"

#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/find_nodes.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/node/plain_socket.hpp"
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

// A node that listens in plain text, and who comes there that is no trainer and no node.

using namespace drover;
using test::plain_socket;

namespace {

/// What the process says of strangers.
class stranger_reports {
public:
  stranger_reports() {
    report_strangers([this](const std::string& sentence) {
      std::lock_guard guard{mutex_};
      sentences_.push_back(sentence);
      changed_.notify_one();
    });
    wait_for_silence();
  }
  ~stranger_reports() { report_strangers({}); }
  stranger_reports(const stranger_reports&) = delete;
  stranger_reports& operator=(const stranger_reports&) = delete;

  /// The next one, or nothing.
  std::string next() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::seconds{30}, [this] { return !sentences_.empty(); });
    auto result = sentences_.empty() ? std::string{} : std::move(sentences_.front());
    sentences_.clear();
    lock.unlock();
    wait_for_silence();
    return result;
  }

private:
  // There is one sentence a second for each reason.
  static void wait_for_silence() { std::this_thread::sleep_for(std::chrono::milliseconds{1100}); }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> sentences_;
};

// Made before any actor system.
struct all_types {
  all_types() { init_node_meta_objects(); }
};

struct guarded_node : all_types {
  [[nodiscard]] std::uint16_t port() const { return here.address().port; }
  [[nodiscard]] bool answers() const {
    node_config own{std::nullopt, 1};
    caf::actor_system visitor{own};
    caf::scoped_actor self{visitor};
    return find_nodes(visitor, self, {here.address()}, "").nodes.size() == 1;
  }

  /// To CAF.
  [[nodiscard]] std::size_t connections_known() {
    auto broker = system.middleman().get_named_broker("BASP");
    std::promise<std::size_t> count;
    system.middleman().backend().post([&] {
      count.set_value(static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(broker))->ctx.size());
    });
    return count.get_future().get();
  }

  node_config config{std::nullopt, 1};
  caf::actor_system system{config};
  node_options options; // of its own: GCC takes a temporary one's for uninitialized
  node here{system, options};
};

/// The beginning of a message of CAF's: what it is, how much follows, and nothing more that says anything.
std::string header(char what, std::uint32_t follows) {
  std::string result(32, '\0');
  result[0] = what;
  for (int i = 0; i < 4; ++i)
    result[4 + static_cast<std::size_t>(i)] = static_cast<char>(follows >> (24 - 8 * i));
  return result;
}

constexpr char client_handshake = 1;
constexpr char direct_message = 2;
constexpr char heartbeat = 6;
const std::string says_nonsense = " was refused: what it said is no handshake of Drover's";

std::size_t peak_memory_mib() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::size_t>(used.ru_maxrss) / 1024;
}

} // namespace

TEST_CASE("who does not speak as a node is hung up on and told of with their address, and harms nobody") {
  guarded_node node;
  stranger_reports reports;
  auto memory = peak_memory_mib();
  for (const auto& words :
       {std::string{"GET / HTTP/1.0\r\n\r\n"}, std::string(3000, '\x5a'), header(client_handshake, 40).substr(0, 7),
        header(client_handshake, 40) + "half", header(client_handshake, 4) + "half", header(heartbeat, 0)}) {
    CAPTURE(words);
    plain_socket stranger{node.port()};
    stranger.say_all(words);
    CHECK(stranger.is_hung_up_on());
    CHECK(reports.next() == stranger.address() + says_nonsense);
  }
  // It waits for what is announced, and gets no memory for it.
  plain_socket stranger{node.port()};
  stranger.say(header(client_handshake, 0xffffffff));
  CHECK(stranger.is_hung_up_on());
  CHECK(reports.next() == stranger.address() + says_nonsense);
  CHECK(peak_memory_mib() - memory < 64);
  CHECK(node.answers());
}

TEST_CASE("who shakes hands and announces more than any message takes is hung up on, and gets no memory for it") {
  guarded_node node;
  stranger_reports reports;
  auto memory = peak_memory_mib();
  node_config own{std::nullopt, 1};
  caf::actor_system other{own};
  caf::byte_buffer name;
  caf::binary_serializer sink{nullptr, name};
  REQUIRE(sink.apply(other.node()));
  auto message = header(direct_message, 0xffffffff);
  message.back() = 1; // to whom
  plain_socket stranger{node.port()};
  stranger.say(header(client_handshake, static_cast<std::uint32_t>(name.size())) +
               std::string{reinterpret_cast<const char*>(name.data()), name.size()} + message);
  CHECK(stranger.is_hung_up_on());
  CHECK(reports.next() == stranger.address() + " was refused: it announced a message larger than any of Drover's");
  CHECK(peak_memory_mib() - memory < 64);
  // Whoever comes next may get the same descriptor.
  CHECK(node.connections_known() == 0);
  CHECK(node.answers());
}

TEST_CASE("who finds out whether a node listens, and says nothing, is not told of") {
  guarded_node node;
  stranger_reports reports;
  {
    plain_socket silent{node.port()};
    silent.say_all("");
    CHECK(silent.is_hung_up_on());
  }
  CHECK(node.answers());
  plain_socket stranger{node.port()};
  stranger.say_all("hello");
  CHECK(reports.next() == stranger.address() + says_nonsense);
}

TEST_CASE("those who connect in plain text and say nothing are hung up on when there are too many") {
  guarded_node node;
  stranger_reports reports;
  constexpr std::size_t too_many = 10;
  std::deque<plain_socket> silent;
  for (std::size_t i = 0; i < open_handshakes_max + too_many; ++i)
    silent.emplace_back(node.port());
  for (std::size_t i = 0; i < too_many; ++i)
    REQUIRE(silent[i].is_hung_up_on());
  CHECK(!silent[too_many].has_ended());
  CHECK(!silent.back().has_ended());
  CHECK(reports.next() == silent[0].address() + " was refused: others came while it had not shaken hands");
  CHECK(node.answers());
}

TEST_CASE("another version of Drover is refused with a sentence, and told of where it knocked") {
  guarded_node node;
  stranger_reports reports;
  node_config config{std::nullopt, 1};
  config.set("caf.middleman.app-identifiers", std::vector<std::string>{"drover-0.0.1-another"});
  caf::actor_system system{config};
  watch_connections(system);
  caf::scoped_actor self{system};
  auto found = connect(system, self, node.here.address());
  REQUIRE(!found);
  CHECK(explain(system, found.error()) == "it is another version of Drover, or another program");
  auto sentence = reports.next();
  CHECK(sentence.find("127.0.0.1:") == 0);
  CHECK(sentence.find(
            " was refused: it hung up right after the handshake: it is another version of Drover, or gave up") !=
        std::string::npos);
  CHECK(node.answers());
}

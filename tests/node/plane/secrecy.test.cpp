#include "drover/actors/node/plane/address.hpp"
#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/plane/listener.hpp"
#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"
#include "drover/actors/node/plane/tls_transport.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <atomic>
#include <cstring>
#include <sys/socket.h>
#include <thread>

using namespace drover;
using namespace drover::plane;
using namespace drover::plane::test;

namespace {

descriptor tcp_socket() {
  return descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
}

// Stands between a process that connects and a listener: hears all, and changes a byte from time to time if told so.
class eavesdropper {
public:
  explicit eavesdropper(std::uint16_t to) : to_(resolve("127.0.0.1", to).front()) {
    auto any = resolve("127.0.0.1", 0).front();
    REQUIRE(::bind(listening_.get(), any.get(), any.size) == 0);
    REQUIRE(::listen(listening_.get(), 1) == 0);
    port = port_of(own_address(listening_));
    thread_ = std::thread{[this] { relay(); }};
  }
  ~eavesdropper() { thread_.join(); }

  bool heard_words_of(const frame& what) {
    std::lock_guard lock{mutex_};
    auto words = what.segments().front().first(4);
    return heard_.find({reinterpret_cast<const char*>(words.data()), words.size() * sizeof(capnp::word)}) !=
           std::string::npos;
  }

  std::uint16_t port = 0;
  std::atomic<bool> meddling = false;

private:
  void relay() {
    descriptor from{::accept(listening_.get(), nullptr, nullptr)};
    descriptor to = tcp_socket();
    if (::connect(to.get(), to_.get(), to_.size) != 0)
      return;
    std::thread back{[&] { pass(to, from); }};
    pass(from, to);
    back.join();
  }
  void pass(const descriptor& from, const descriptor& to) {
    std::vector<char> bytes(1 << 16);
    for (;;) {
      auto count = ::recv(from.get(), bytes.data(), bytes.size(), 0);
      if (count <= 0)
        break;
      if (meddling)
        bytes[static_cast<std::size_t>(count) / 2] ^= 1;
      {
        std::lock_guard lock{mutex_};
        heard_.append(bytes.data(), static_cast<std::size_t>(count));
      }
      if (::send(to.get(), bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) != count)
        break;
    }
    ::shutdown(from.get(), SHUT_RDWR);
    ::shutdown(to.get(), SHUT_RDWR);
  }

  socket_address to_;
  descriptor listening_ = tcp_socket();
  std::mutex mutex_;
  std::string heard_;
  std::thread thread_;
};

struct overheard {
  explicit overheard(way by)
      : listening{{}, own_identity(by), [this](connection one) { accepted.put(std::move(one)); }, into(refused)},
        between{listening.port()} {
    connect_options options;
    options.best = way::tcp;
    here.emplace(connect("127.0.0.1", between.port, own_identity(by), side::writes, 1, options), sender_options{},
                 into(told));
    REQUIRE(accepted.wait_for(1));
    there.emplace(std::move(accepted.take().front()), into(box), into(told));
  }
  void part() {
    here.reset();
    there.reset();
  }

  inbox<connection> accepted;
  inbox<std::string> refused;
  inbox<std::string> told;
  inbox<letter> box;
  listener listening;
  eavesdropper between;
  std::optional<sender> here;
  std::optional<receiver> there;
};

} // namespace

TEST_CASE("what goes by tls cannot be read on its way, and what goes by tcp can") {
  auto what = frame_of({20'000});
  for (auto by : {way::tls, way::tcp}) {
    std::optional<overheard> both{by};
    CHECK(both->here->way() == by);
    CHECK(both->here->send(0, 0, what));
    REQUIRE(both->box.wait_for(1));
    CHECK(same(*both->box.take().front().what, *what));
    both->part();
    CHECK(both->between.heard_words_of(*what) == (by == way::tcp));
  }
}

TEST_CASE("what is changed on its way ends a connection by tls, before it is delivered") {
  overheard both{way::tls};
  auto what = frame_of({20'000});
  CHECK(both.here->send(0, 0, what));
  REQUIRE(both.box.wait_for(1));
  both.between.meddling = true;
  CHECK(both.here->send(0, 0, what));
  REQUIRE(both.told.wait_for(1));
  CHECK(both.box.size() == 1);
  auto sentence = both.told.take().front();
  CAPTURE(sentence);
  CHECK(sentence.find("(tls) ended: ") != std::string::npos);
  both.part();
}

TEST_CASE("tls with another token gives nothing but a sentence") {
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  tls_transport one{descriptor{ends[0]}, tls_transport::role::connecting, "the token of one job"};
  tls_transport other{descriptor{ends[1]}, tls_transport::role::listening, "the token of another"};
  auto refuses = [](tls_transport& transport) {
    block_broken_pipe_signal();
    std::byte byte{};
    CHECK_THROWS_WITH_AS((void)transport.read_some({&byte, 1}), doctest::Contains("by TLS failed"), connection_lost);
    transport.shutdown();
  };
  std::thread there{refuses, std::ref(other)};
  refuses(one);
  there.join();
}

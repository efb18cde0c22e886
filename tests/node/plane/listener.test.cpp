#include "drover/actors/node/plane/listener.hpp"

#include "drover/actors/node/plane/address.hpp"
#include "drover/actors/node/plane/connect.hpp"
#include "drover/actors/node/plane/handshake.hpp"
#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/record.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <sys/socket.h>

using namespace drover;
using namespace drover::plane;
using namespace drover::plane::test;
using namespace std::chrono_literals;

namespace {

struct open_port {
  explicit open_port(listen_options options = {}, identity own = own_identity())
      : listening{std::move(options), std::move(own), [this](connection one) { accepted.put(std::move(one)); },
                  into(refused)} {}

  /// Whether those who belong here still get in.
  bool goes_on() {
    auto before = accepted.size();
    auto ours = connect("127.0.0.1", listening.port(), own_identity(), side::writes, 1);
    return accepted.wait_for(before + 1);
  }
  bool refused_because(const std::string& why) {
    REQUIRE(refused.wait_for(1));
    auto sentence = refused.take().front();
    CAPTURE(sentence);
    CHECK(sentence.find("the data plane refused 127.0.0.1:") == 0);
    CHECK(sentence.find(why) != std::string::npos);
    return goes_on();
  }

  inbox<connection> accepted;
  inbox<std::string> refused;
  listener listening;
};

// Someone who speaks as he likes.
struct stranger {
  explicit stranger(std::uint16_t port) {
    auto to = resolve("127.0.0.1", port).front();
    socket = descriptor{::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)};
    REQUIRE(::connect(socket.get(), to.get(), to.size) == 0);
  }
  void say(std::span<const std::byte> bytes) const {
    REQUIRE(::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  nonce hear_challenge() const {
    std::array<std::byte, challenge_bytes> bytes{};
    REQUIRE(::recv(socket.get(), bytes.data(), bytes.size(), MSG_WAITALL) == static_cast<ssize_t>(bytes.size()));
    return decode_challenge(bytes);
  }
  bool was_left() const {
    std::byte byte{};
    while (::recv(socket.get(), &byte, 1, 0) > 0) {
    }
    return true;
  }
  descriptor socket;
};

std::vector<std::byte> garbage(std::size_t bytes) {
  return std::vector<std::byte>(bytes, std::byte{0x5a});
}

} // namespace

TEST_CASE("both directions are open to whoever connects") {
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto own = own_identity(best);
    open_port port{{}, own};
    connect_options options;
    options.best = best;
    auto writes = connect("localhost", port.listening.port(), own, side::writes, 5, options);
    auto reads = connect("127.0.0.1", port.listening.port(), own, side::reads, 5, options);
    REQUIRE(port.accepted.wait_for(2));
    auto theirs = port.accepted.take();
    CHECK(theirs[0].side == side::reads);
    CHECK(theirs[1].side == side::writes);
    CHECK(theirs[1].way == best);
    inbox<letter> box;
    inbox<letter> answers;
    sender answerer{std::move(theirs[1]), {}, {}};
    receiver there{std::move(theirs[0]),
                   [&answerer](std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what) {
                     answerer.send(destination + 1, kind, std::move(what));
                   },
                   {}};
    receiver here{std::move(reads), into(answers), {}};
    sender asker{std::move(writes), {}, {}};
    // What comes from a slot goes on to another connection without a copy into memory of its own.
    for (auto words : {1u, 50'000u}) {
      auto what = frame_of({words});
      CHECK(asker.send(41, 6, what));
      REQUIRE(answers.wait_for(1));
      auto answer = answers.take().front();
      CHECK(answer.destination == 42);
      CHECK(answer.kind == 6);
      CHECK(same(*answer.what, *what));
    }
  }
}

TEST_CASE("who does not know the token is refused, and neither end learns more") {
  open_port port;
  auto other = own_identity();
  other.token += "?";
  CHECK_THROWS_WITH_AS((void)connect("127.0.0.1", port.listening.port(), other, side::writes, 1),
                       doctest::Contains("it does not know this job's token"), connection_lost);
  CHECK(port.refused_because("it does not know this job's token"));
}

TEST_CASE("who runs another build is refused, and both ends are told which") {
  open_port port;
  auto other = own_identity();
  other.build = "another";
  CHECK_THROWS_WITH_AS((void)connect("127.0.0.1", port.listening.port(), other, side::writes, 1),
                       doctest::Contains("it runs build \"another\", and the listener build \"a build\""),
                       connection_lost);
  CHECK(port.refused_because("it runs build \"another\""));
}

TEST_CASE("whether to encrypt is agreed, and neither end gives in") {
  open_port port{{}, own_identity(way::tls)};
  CHECK_THROWS_WITH_AS((void)connect("127.0.0.1", port.listening.port(), own_identity(), side::writes, 1),
                       doctest::Contains("it does not encrypt, and the listener does"), connection_lost);
  open_port plain;
  CHECK_THROWS_WITH_AS((void)connect("127.0.0.1", plain.listening.port(), own_identity(way::tls), side::writes, 1),
                       doctest::Contains("it encrypts, and the listener does not"), connection_lost);
}

TEST_CASE("garbage on the port is refused") {
  open_port port;
  stranger one{port.listening.port()};
  one.say(garbage(100'000));
  CHECK(port.refused_because("it does not speak as a data plane"));
  CHECK(one.was_left());
}

TEST_CASE("a hello that ends early is refused") {
  open_port port;
  {
    stranger one{port.listening.port()};
    one.say(garbage(hello_bytes - 1));
    static_cast<void>(one.hear_challenge());
  }
  CHECK(port.refused_because("after 151 of the 152 bytes"));
}

TEST_CASE("who says nothing is left after a time") {
  open_port port{{.handshake_timeout = 50ms}};
  stranger one{port.listening.port()};
  CHECK(one.was_left());
  CHECK(port.refused_because("not said hello within 50 ms"));
}

TEST_CASE("strangers who say nothing do not keep others out") {
  open_port port{{.handshakes_max = 4}};
  std::vector<stranger> silent;
  for (int i = 0; i < 20; ++i)
    silent.emplace_back(port.listening.port());
  CHECK(port.goes_on());
  CHECK(port.refused_because("too many others"));
}

TEST_CASE("a member that speaks nonsense after its handshake loses the connection and nothing else") {
  open_port port;
  struct nonsense {
    std::vector<std::byte> bytes;
    const char* sentence;
  };
  auto head = [](record what) {
    auto bytes = encode(what);
    return std::vector<std::byte>{bytes.begin(), bytes.end()};
  };
  auto two_segments = head({.segments = 2, .bytes = payload_bytes_max});
  two_segments.resize(two_segments.size() + table_bytes(2), std::byte{0xff});
  auto half_a_head = head({.segments = 1, .bytes = 8});
  half_a_head.resize(half_a_head.size() / 2);
  std::vector<nonsense> all{
      {garbage(64), "mark"},
      {head({.segments = 70'000, .bytes = 8}), "70000 segments"},
      {head({.segments = 1, .bytes = std::uint64_t{1} << 40}), "1099511627776 bytes"},
      {two_segments, "at most"},
      {head({.segments = 1, .slot = 1, .bytes = 8}), "middle of a frame"},
      {half_a_head, "middle of a frame"},
      {head({.type = record_type::slot_added, .slot = 1, .bytes = 8}), "without any"},
  };
  for (const auto& one : all) {
    connect_options options;
    options.best = way::tcp;
    auto ours = connect("127.0.0.1", port.listening.port(), own_identity(), side::writes, 1, options);
    REQUIRE(port.accepted.wait_for(1));
    inbox<std::string> told;
    receiver there{std::move(port.accepted.take().front()), [](auto, auto, auto) {}, into(told)};
    auto bytes = one.bytes;
    iovec piece{bytes.data(), bytes.size()};
    ours.bytes->write({&piece, 1});
    ours.bytes->shutdown();
    REQUIRE(told.wait_for(1));
    CHECK_MESSAGE(told.take().front().find(one.sentence) != std::string::npos, one.sentence);
  }
  CHECK(port.goes_on());
}

TEST_CASE("a process that is not there, or is no data plane, is named") {
  std::uint16_t nobody = open_port{}.listening.port();
  CHECK_THROWS_WITH_AS((void)connect("127.0.0.1", nobody, own_identity(), side::writes, 1),
                       doctest::Contains("cannot be reached: no connection: Connection refused"), connection_lost);
  descriptor silent{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto any = resolve("127.0.0.1", 0).front();
  REQUIRE(::bind(silent.get(), any.get(), any.size) == 0);
  REQUIRE(::listen(silent.get(), 1) == 0);
  connect_options options;
  options.timeout = 50ms;
  CHECK_THROWS_WITH_AS(
      (void)connect("127.0.0.1", port_of(own_address(silent)), own_identity(), side::writes, 1, options),
      doctest::Contains("does not answer in time"), connection_lost);
}

TEST_CASE("a port that is taken is refused with a sentence") {
  open_port port;
  CHECK_THROWS_WITH_AS((open_port{{.port = port.listening.port()}}),
                       doctest::Contains("the data plane cannot listen at 127.0.0.1:"), connection_lost);
}

#include "drover/actors/node/plane/listener.hpp"
#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <csignal>
#include <optional>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>

using namespace drover;
using namespace drover::plane;
using namespace drover::plane::test;

namespace {

constexpr std::size_t words_of_mebibyte = (1 << 20) / sizeof(capnp::word);

// Another process, killed at the latest when this goes.
class process {
public:
  process(std::uint16_t port, std::string what, std::string way) {
    std::string program = DROVER_PLANE_PEER;
    auto number = std::to_string(port);
    char* arguments[] = {program.data(), number.data(), what.data(), way.data(), nullptr};
    REQUIRE(::posix_spawn(&id_, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  }
  ~process() {
    if (id_ > 0)
      kill();
  }
  void signal(int number) const { ::kill(id_, number); }
  void kill() {
    signal(SIGKILL);
    ::waitpid(id_, nullptr, 0);
    id_ = 0;
  }

private:
  pid_t id_ = 0;
};

struct meeting {
  meeting(const char* what, way by)
      : listening{{}, own_identity(by), [this](connection one) { accepted.put(std::move(one)); }, into(refused)},
        peer{listening.port(), what, name_of(by)} {}

  connection meet() {
    REQUIRE(accepted.wait_for(1));
    return std::move(accepted.take().front());
  }

  inbox<connection> accepted;
  inbox<std::string> refused;
  listener listening;
  process peer;
};

} // namespace

TEST_CASE("a receiver that is killed while frames are under way is noticed, and leaves nothing behind") {
  for (auto way : {way::tls, way::tcp, way::shared_memory}) {
    CAPTURE(name_of(way));
    auto descriptors = open_descriptors();
    {
      meeting both{"reads", way};
      auto what = frame_of({words_of_mebibyte});
      inbox<std::string> told;
      long uses_at_end = 0;
      sender here{both.meet(), {.slot_bytes_max = 8 << 20}, [&](const std::string& sentence) {
                    uses_at_end = what.use_count();
                    told.put(sentence);
                  }};
      CHECK(here.way() == way);
      // It keeps all it gets: there are soon no slots left, and the writer waits for one or writes.
      for (int i = 0; i < 100; ++i)
        CHECK(here.send(0, 0, what));
      REQUIRE(comes_true([&here] { return here.traffic().frames >= 10; }));
      both.peer.kill();
      // Another one: this thread holds it while it sends.
      auto more = frame_of({words_of_mebibyte});
      while (here.send(0, 0, more)) {
      }
      REQUIRE(told.wait_for(1));
      CHECK(mapped_slots() == 0);
      CHECK(uses_at_end == 1);
      CHECK(told.size() == 1);
    }
    CHECK(mapped_rings() == 0);
    CHECK(open_descriptors() == descriptors);
  }
}

TEST_CASE("a sender that is killed in the middle of a frame is noticed, and the frames that came stay readable") {
  for (auto way : {way::tls, way::tcp, way::shared_memory}) {
    CAPTURE(name_of(way));
    auto descriptors = open_descriptors();
    {
      meeting both{"writes", way};
      inbox<std::string> told;
      inbox<letter> box;
      std::atomic<std::size_t> count = 0;
      std::optional<receiver> there;
      there.emplace(
          both.meet(),
          [&](std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> arrived) {
            if (++count <= 5)
              box.put({destination, kind, std::move(arrived)});
          },
          into(told));
      REQUIRE(comes_true([&count] { return count > 20; }));
      both.peer.kill();
      REQUIRE(told.wait_for(1));
      there.reset();
      auto what = frame_of({words_of_mebibyte});
      for (const auto& one : box.take())
        CHECK(same(*one.what, *what));
      CHECK(mapped_slots() == 0);
      CHECK(told.size() == 1);
    }
    CHECK(mapped_rings() == 0);
    CHECK(open_descriptors() == descriptors);
  }
}

TEST_CASE("a peer that stands still blocks neither who sends to it nor the end") {
  for (auto way : {way::tls, way::tcp, way::shared_memory}) {
    CAPTURE(name_of(way));
    meeting both{"reads", way};
    auto begin = std::chrono::steady_clock::now();
    {
      sender here{both.meet(), {.queue_bytes_max = 16 << 20, .slot_bytes_max = 8 << 20}, {}};
      auto what = frame_of({words_of_mebibyte});
      for (int i = 0; i < 8; ++i)
        CHECK(here.send(0, 0, what));
      REQUIRE(comes_true([&here] { return here.traffic().queued_bytes == 0; }));
      both.peer.signal(SIGSTOP);
      for (int i = 0; i < 1000; ++i)
        static_cast<void>(here.send(0, 0, what));
      // Until its thread stands still as well.
      std::uint64_t frames = 0;
      do {
        frames = here.traffic().frames;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
      } while (here.traffic().frames > frames);
      CHECK(here.traffic().queued_bytes <= 16 << 20);
      CHECK(here.traffic().dropped > 0);
    }
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
  }
}

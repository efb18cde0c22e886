#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <future>
#include <limits>
#include <thread>

using namespace drover;
using namespace drover::plane;
using namespace drover::plane::test;

namespace {

constexpr std::size_t words_of_mebibyte = (1 << 20) / sizeof(capnp::word);

std::vector<std::shared_ptr<const frame>> frames_of_many_shapes() {
  return {
      frame_of({0}),
      frame_of({1}),
      frame_of({8, 0, 9}),
      frame_of({512}),
      frame_of({2040}), // just inline
      frame_of({2048}), // just in a slot
      frame_of(std::vector<std::size_t>(3000, 3)),
      frame_of({17, 100'000, 0, 100'001}),
      frame_of({frame::segments_max, 1}),
  };
}

// Takes nothing until it may go on.
class slow_receiver {
public:
  explicit slow_receiver(connection reads)
      : receiver_(std::move(reads),
                  [this](std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what) {
                    may_go_on_.wait();
                    box.put({destination, kind, std::move(what)});
                  },
                  {}) {}
  ~slow_receiver() {
    if (!goes_on_)
      go_on();
  }
  slow_receiver(const slow_receiver&) = delete;
  slow_receiver& operator=(const slow_receiver&) = delete;

  void go_on() {
    goes_on_ = true;
    go_on_.set_value();
  }

  inbox<letter> box;

private:
  bool goes_on_ = false;
  std::promise<void> go_on_;
  std::shared_future<void> may_go_on_ = go_on_.get_future().share();
  receiver receiver_;
};

} // namespace

TEST_CASE("frames of all shapes arrive in order, bit for bit, at aligned places, by every way") {
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto ends = connect_ends(best);
    CHECK(ends.writes.way == best);
    CHECK(ends.reads.way == best);
    CHECK(ends.reads.peer == 7);
    inbox<letter> box;
    receiver there{std::move(ends.reads), into(box), {}};
    sender here{std::move(ends.writes), {}, {}};
    auto sent = frames_of_many_shapes();
    for (std::size_t i = 0; i < sent.size(); ++i)
      CHECK(here.send(i, static_cast<std::uint16_t>(100 + i), sent[i]));
    REQUIRE(box.wait_for(sent.size()));
    auto arrived = box.take();
    for (std::size_t i = 0; i < sent.size(); ++i) {
      CAPTURE(i);
      CHECK(arrived[i].destination == i);
      CHECK(arrived[i].kind == 100 + i);
      CHECK(same(*arrived[i].what, *sent[i]));
      for (auto segment : arrived[i].what->segments())
        CHECK(reinterpret_cast<std::uintptr_t>(segment.data()) % bulk::alignment == 0);
    }
  }
}

TEST_CASE("frames of 64 MiB arrive bit for bit, by every way, also where no slot is so large") {
  auto what = frame_of({5, 64 * words_of_mebibyte});
  for (auto best : all_ways)
    for (auto slots : {std::size_t{256} << 20, std::size_t{1} << 20}) {
      CAPTURE(name_of(best));
      auto ends = connect_ends(best);
      inbox<letter> box;
      receiver there{std::move(ends.reads), into(box), {}};
      sender here{std::move(ends.writes), {.slot_bytes_max = slots}, {}};
      for (int i = 0; i < 3; ++i)
        CHECK(here.send(0, 0, what));
      REQUIRE(box.wait_for(3));
      for (const auto& one : box.take())
        CHECK(same(*one.what, *what));
    }
}

TEST_CASE("many threads send over one connection and every frame arrives once") {
  constexpr std::size_t threads = 4;
  constexpr std::size_t frames = 200;
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto ends = connect_ends(best);
    inbox<letter> box;
    receiver there{std::move(ends.reads), into(box), {}};
    sender here{std::move(ends.writes), {}, {}};
    std::vector<std::thread> senders;
    for (std::size_t thread = 0; thread < threads; ++thread)
      senders.emplace_back([&here, thread] {
        for (std::size_t i = 0; i < frames; ++i)
          CHECK(here.send(thread, 0, frame_of({i % 7 == 0 ? 5000u : 3u}, thread * frames + i)));
      });
    for (auto& one : senders)
      one.join();
    REQUIRE(box.wait_for(threads * frames));
    std::vector<std::size_t> next(threads, 0);
    for (const auto& one : box.take()) {
      auto i = next.at(one.destination)++;
      CHECK(same(*one.what, *frame_of({i % 7 == 0 ? 5000u : 3u}, one.destination * frames + i)));
    }
    CHECK(next == std::vector<std::size_t>(threads, frames));
  }
}

TEST_CASE("frames that the receiver keeps do not stop those that follow") {
  auto ends = connect_ends(way::shared_memory);
  inbox<letter> box;
  receiver there{std::move(ends.reads), into(box), {}};
  sender here{std::move(ends.writes), {.slot_bytes_max = 4 << 20}, {}};
  // Four fit into the slots.
  std::vector<std::shared_ptr<const frame>> sent;
  for (std::uint64_t i = 0; i < 30; ++i) {
    sent.push_back(frame_of({words_of_mebibyte}, i));
    CHECK(here.send(i, 0, sent.back()));
  }
  REQUIRE(box.wait_for(sent.size()));
  auto arrived = box.take();
  for (std::size_t i = 0; i < sent.size(); ++i)
    CHECK(same(*arrived[i].what, *sent[i]));
  CHECK(here.traffic().shared == 4);
}

TEST_CASE("frames outlive both ends of the connection") {
  for (auto best : all_ways) {
    inbox<letter> box;
    auto sent = frame_of({10'000});
    {
      auto ends = connect_ends(best);
      receiver there{std::move(ends.reads), into(box), {}};
      sender here{std::move(ends.writes), {}, {}};
      CHECK(here.send(0, 0, sent));
      REQUIRE(box.wait_for(1));
    }
    CHECK(same(*box.take().front().what, *sent));
  }
  CHECK(mapped_slots() == 0);
  CHECK(mapped_rings() == 0);
}

TEST_CASE("a receiver that is slow costs the sender no more than its queue, and what is above is dropped and counted") {
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto ends = connect_ends(best);
    slow_receiver there{std::move(ends.reads)};
    sender_options options{.queue_bytes_max = 8 << 20, .slot_bytes_max = 4 << 20};
    sender here{std::move(ends.writes), options, {}};
    auto what = frame_of({words_of_mebibyte});
    std::size_t accepted = 0;
    for (int i = 0; i < 200; ++i)
      accepted += here.send(0, 0, what);
    CHECK(here.traffic().queued_bytes <= options.queue_bytes_max);
    CHECK(here.traffic().dropped == 200 - accepted);
    CHECK(accepted < 100);
    there.go_on();
    CHECK(there.box.wait_for(accepted));
  }
}

// The sending thread writes them itself, until one does not fit as a whole.
TEST_CASE("small frames that fill a connection arrive whole and in order") {
  constexpr std::size_t frames = 3000;
  constexpr std::size_t words = 1000;
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto ends = connect_ends(best);
    slow_receiver there{std::move(ends.reads)};
    sender here{std::move(ends.writes), {}, {}};
    for (std::size_t i = 0; i < frames; ++i)
      REQUIRE(here.send(i, 0, frame_of({words + i % 3}, i)));
    CHECK(here.traffic().queued_bytes > 0);
    there.go_on();
    REQUIRE(there.box.wait_for(frames));
    auto arrived = there.box.take();
    for (std::size_t i = 0; i < frames; ++i) {
      REQUIRE(arrived[i].destination == i);
      REQUIRE(same(*arrived[i].what, *frame_of({words + i % 3}, i)));
    }
  }
}

TEST_CASE("a small frame is not dropped for bulk that waits before it") {
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    auto ends = connect_ends(best);
    slow_receiver there{std::move(ends.reads)};
    sender here{std::move(ends.writes), {.queue_bytes_max = 8 << 20, .slot_bytes_max = 4 << 20}, {}};
    auto bulk = frame_of({words_of_mebibyte});
    std::size_t accepted = 0;
    // The writing thread takes some as long as there is room below.
    while (here.traffic().dropped < 3)
      accepted += here.send(0, 0, bulk);
    // More than what is left of a frame of bulk that did not fit.
    constexpr std::size_t small_frames = 300;
    for (std::size_t i = 0; i < small_frames; ++i)
      REQUIRE(here.send(1, 0, frame_of({1000})));
    there.go_on();
    CHECK(there.box.wait_for(accepted + small_frames));
  }
}

TEST_CASE("a queue without a limit drops nothing, whatever the size") {
  auto ends = connect_ends(way::unix_socket);
  slow_receiver there{std::move(ends.reads)};
  sender here{std::move(ends.writes), {.queue_bytes_max = std::numeric_limits<std::size_t>::max()}, {}};
  constexpr std::size_t frames = 100;
  for (std::size_t i = 0; i < frames; ++i)
    REQUIRE(here.send(0, 0, frame_of({words_of_mebibyte})));
  // More than small frames may wait with beyond a limit is there already.
  REQUIRE(here.send(0, 0, frame_of({1000})));
  there.go_on();
  CHECK(there.box.wait_for(frames + 1));
}

TEST_CASE("a frame that is no message is dropped") {
  auto ends = connect_ends(way::tcp);
  sender here{std::move(ends.writes), {}, {}};
  CHECK_FALSE(here.send(0, 0, nullptr));
  CHECK_FALSE(here.send(0, 0, std::make_shared<frame>()));
  CHECK_FALSE(here.send(0, 0, frame_of(std::vector<std::size_t>(frame::segments_max + 1, 0))));
  CHECK(here.traffic().dropped == 3);
}

TEST_CASE("whoever is left behind is told once, with a sentence") {
  for (auto best : all_ways) {
    CAPTURE(name_of(best));
    inbox<std::string> told;
    {
      auto ends = connect_ends(best);
      sender here{std::move(ends.writes), {}, into(told)};
      {
        receiver there{std::move(ends.reads), [](auto, auto, auto) {}, into(told)};
      }
      REQUIRE(told.wait_for(1));
      CHECK_FALSE(here.send(0, 0, frame_of({1})));
    }
    {
      auto ends = connect_ends(best);
      receiver there{std::move(ends.reads), [](auto, auto, auto) {}, into(told)};
      { sender here{std::move(ends.writes), {}, into(told)}; }
      REQUIRE(told.wait_for(2));
    }
    auto sentences = told.take();
    CHECK(sentences.size() == 2);
    CHECK(sentences[0].find("the data plane's connection to ") == 0);
    CHECK(sentences[0].find("ended: the peer has closed it") != std::string::npos);
    CHECK(sentences[1].find("the data plane's connection from ") == 0);
    CHECK(sentences[1].find("ended: the peer has closed it") != std::string::npos);
  }
}

TEST_CASE("both ends go at once while they are busy, whichever goes first") {
  auto descriptors = open_descriptors();
  for (auto best : all_ways)
    for (bool sender_first : {true, false}) {
      CAPTURE(name_of(best));
      auto ends = connect_ends(best);
      std::promise<void> let_go;
      auto may_go = let_go.get_future().share();
      auto there = std::make_unique<receiver>(
          std::move(ends.reads), [may_go](auto, auto, auto) { may_go.wait(); }, end_callback{});
      auto here =
          std::make_unique<sender>(std::move(ends.writes), sender_options{.slot_bytes_max = 4 << 20}, end_callback{});
      auto what = frame_of({words_of_mebibyte});
      for (int i = 0; i < 100; ++i)
        static_cast<void>(here->send(0, 0, what));
      auto begin = std::chrono::steady_clock::now();
      if (sender_first)
        here.reset();
      let_go.set_value();
      there.reset();
      here.reset();
      CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
    }
  CHECK(open_descriptors() == descriptors);
  CHECK(mapped_slots() == 0);
  CHECK(mapped_rings() == 0);
}

TEST_CASE("what a deliver callback throws ends the connection with its sentence") {
  auto ends = connect_ends(way::tcp);
  inbox<std::string> told;
  receiver there{std::move(ends.reads), [](auto, auto, auto) { throw malformed_message("not a message"); }, into(told)};
  sender here{std::move(ends.writes), {}, {}};
  CHECK(here.send(0, 0, frame_of({1})));
  REQUIRE(told.wait_for(1));
  CHECK(told.take().front().find("ended: not a message") != std::string::npos);
}

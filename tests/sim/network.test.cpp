#include "drover/actors/sim/network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace drover::sim;

namespace {

// Latency 1 ms, 1 MB a millisecond, and no chance of anything.
constexpr nanoseconds ms = 1'000'000;
constexpr std::uint64_t megabyte = 1'000'000;
const std::string plain = R"("latencySeconds": 0.001, "bytesPerSecond": 1e9)";

/// Three machines in one rack and one in another.
cluster with_link(const std::string& rack_link, const std::string& more = "") {
  return cluster::from_json("c.json", R"({"machines": [{"name": "a", "count": 3}, {"name": "far", "rack": "other"}],
    "withinRack": {)" + rack_link + R"(}, "betweenRacks": {"latencySeconds": 0.01, "bytesPerSecond": 1e8})" +
                                          more + "}");
}

std::vector<nanoseconds> times(network::arrivals arrivals) {
  return {arrivals.begin(), arrivals.end()};
}

fault_event event(fault_event::what kind, std::span<const std::uint32_t> machines, std::uint64_t occurrence,
                  double factor = 1) {
  return {0, kind, machines, occurrence, factor};
}

fault_event event(fault_event::what kind, std::span<const std::uint32_t> machines, std::uint64_t occurrence,
                  const message_chances& chances) {
  return {0, kind, machines, occurrence, 1, &chances};
}

using arrived = std::vector<nanoseconds>;
using what = fault_event::what;

} // namespace

TEST_CASE("a message takes its bytes' time and the latency") {
  network one{with_link(plain), 1};
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{2 * ms});
  CHECK(times(one.send(1, 2, 0, 5 * ms)) == arrived{6 * ms});
  CHECK(one.counted().sent == 2);
  CHECK(one.counted().bytes == megabyte);
}

TEST_CASE("a machine sends one message after the other, and receives so") {
  network one{with_link(plain), 1};
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{2 * ms});
  CHECK(times(one.send(0, 2, megabyte, 0)) == arrived{3 * ms});
  network other{with_link(plain), 1};
  CHECK(times(other.send(0, 2, megabyte, 0)) == arrived{2 * ms});
  CHECK(times(other.send(1, 2, megabyte, 0)) == arrived{3 * ms});
  // Both are idle again.
  CHECK(times(other.send(1, 2, megabyte, 10 * ms)) == arrived{12 * ms});
}

TEST_CASE("machines of a rack share its link to another rack, each direction by itself") {
  network one{with_link(plain), 1};
  CHECK(times(one.send(0, 3, megabyte, 0)) == arrived{20 * ms});
  CHECK(times(one.send(1, 3, megabyte, 0)) == arrived{30 * ms});
  CHECK(times(one.send(3, 0, megabyte, 0)) == arrived{20 * ms});
}

TEST_CASE("two machines with a link of their own use nothing else") {
  auto own =
      with_link(plain, R"(, "links": [{"between": ["a-0", "a-1"], "latencySeconds": 0, "bytesPerSecond": 1e8}])");
  network one{own, 1};
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{10 * ms});
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{20 * ms});
  CHECK(times(one.send(0, 2, megabyte, 0)) == arrived{2 * ms});
  CHECK(times(one.send(2, 2, megabyte, 0)) == arrived{2'001}); // in memory nothing moves
}

TEST_CASE("messages of a pair arrive in order, whatever the jitter, and within it") {
  network one{with_link(R"("latencySeconds": 0.001, "jitter": 2)"), 1};
  nanoseconds last = -1;
  auto is_jittered = false;
  for (int i = 0; i < 1000; ++i) {
    auto arrival = one.send(0, 1, 0, i * 1000).at[0];
    CHECK(arrival > last);
    CHECK(arrival >= i * 1000 + ms);
    is_jittered = is_jittered || arrival > i * 1000 + 2 * ms;
    last = arrival;
  }
  CHECK(is_jittered);
}

TEST_CASE("loss, duplicates and disorder strike as often as they should") {
  network one{with_link(R"("latencySeconds": 0.001,
    "chances": {"loss": 0.1, "duplicate": 0.2, "reorder": 0.3, "reorderSeconds": 0.05})"),
              1};
  constexpr int messages = 20'000;
  int overtaken = 0;
  nanoseconds last = -1;
  for (int i = 0; i < messages; ++i) {
    auto sent = i * ms;
    auto arrivals = one.send(0, 1, 0, sent);
    for (auto at : arrivals)
      CHECK(at > sent);
    if (arrivals.count > 0) {
      overtaken += arrivals.at[0] < last ? 1 : 0;
      last = std::max(last, arrivals.at[0]);
    }
  }
  const auto& counted = one.counted();
  CHECK(static_cast<double>(counted.lost) / messages == doctest::Approx(0.1).epsilon(0.1));
  CHECK(static_cast<double>(counted.duplicated) / messages == doctest::Approx(0.9 * 0.2).epsilon(0.1));
  CHECK(static_cast<double>(counted.reordered) / messages == doctest::Approx(0.9 * 0.3).epsilon(0.1));
  CHECK(overtaken > messages / 10);
}

TEST_CASE("a message that is delayed holds up those behind it, and none is late by more than it may be") {
  network one{with_link(R"("latencySeconds": 0.001, "chances": {"delay": 0.1, "delaySeconds": 0.05})"), 1};
  constexpr int messages = 20'000;
  int held_up = 0;
  nanoseconds last = -1;
  for (int i = 0; i < messages; ++i) {
    auto arrivals = one.send(0, 1, 0, i * ms);
    REQUIRE(arrivals.count == 1);
    CHECK(arrivals.at[0] > last);
    CHECK(arrivals.at[0] >= (i + 1) * ms);
    CHECK(arrivals.at[0] <= (i + 1) * ms + 50 * ms);
    held_up += arrivals.at[0] == last + 1 ? 1 : 0;
    last = arrivals.at[0];
  }
  CHECK(static_cast<double>(one.counted().delayed) / messages == doctest::Approx(0.1).epsilon(0.1));
  CHECK(held_up > messages / 2);
}

TEST_CASE("a chance that is 0 draws nothing, so that what was drawn before it was there stays") {
  auto times_with = [](const std::string& more) {
    network one{with_link(R"("latencySeconds": 0.001, "jitter": 1, "chances": {"loss": 0.1)" + more + "}"), 1};
    arrived result;
    for (int i = 0; i < 100; ++i)
      for (auto at : one.send(0, 1, 0, i * 10 * ms))
        result.push_back(at);
    return result;
  };
  CHECK(times_with(R"(, "delay": 0, "delaySeconds": 3)") == times_with(""));
  CHECK(times_with(R"(, "delay": 0.1)") != times_with(""));
}

TEST_CASE("the larger of the cluster's chance and the link's holds, and none on the machine itself") {
  network one{with_link(R"("chances": {"loss": 0.1})", R"(, "chances": {"loss": 1})"), 1};
  CHECK(one.send(0, 1, 0, 0).count == 0);
  CHECK(one.send(0, 3, 0, 0).count == 0);
  CHECK(one.send(0, 0, 0, 0).count == 1);
}

TEST_CASE("a partition cuts its side from the rest, also while another comes and goes") {
  network one{with_link(plain), 1};
  const std::vector<std::uint32_t> side{0, 1};
  const std::vector<std::uint32_t> other{1, 2};
  one.apply(event(what::partition_begin, side, 1));
  CHECK(one.send(0, 1, 0, 0).count == 1);
  CHECK(one.send(0, 2, 0, 0).count == 0);
  CHECK(one.send(3, 1, 0, 0).count == 0);
  CHECK(one.send(2, 3, 0, 0).count == 1);
  one.apply(event(what::partition_begin, other, 2));
  CHECK(one.send(0, 1, 0, 0).count == 0);
  CHECK(one.send(0, 3, 0, 0).count == 0);
  one.apply(event(what::partition_end, side, 1));
  CHECK(one.send(0, 3, 0, 0).count == 1);
  CHECK(one.send(1, 2, 0, 0).count == 1);
  CHECK(one.send(0, 1, 0, 0).count == 0);
  one.apply(event(what::partition_end, other, 2));
  CHECK(one.send(0, 1, 0, 0).count == 1);
  CHECK(one.counted().cut == 5);
}

TEST_CASE("a slow link makes a machine's messages slow until the last such fault ends") {
  network one{with_link(plain), 1};
  const std::vector<std::uint32_t> slow{1};
  one.apply(event(what::slow_begin, slow, 1, 5));
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{10 * ms});
  one.apply(event(what::slow_begin, slow, 2, 2));
  one.apply(event(what::slow_end, slow, 1));
  CHECK(times(one.send(1, 2, megabyte, 100 * ms)) == arrived{104 * ms});
  CHECK(times(one.send(0, 2, megabyte, 200 * ms)) == arrived{202 * ms});
  one.apply(event(what::slow_end, slow, 2));
  CHECK(times(one.send(1, 2, megabyte, 300 * ms)) == arrived{302 * ms});
}

TEST_CASE("an unreliable link loses a machine's messages to others and from them until the last such fault ends") {
  network one{with_link(plain), 1};
  const std::vector<std::uint32_t> bad{1};
  const std::vector<std::uint32_t> worse{1, 2};
  const message_chances some{.duplicate = 1};
  const message_chances all{.loss = 1};
  auto arrive = [&one](std::uint32_t from, std::uint32_t to) { return one.send(from, to, 0, 0).count; };
  one.apply(event(what::unreliable_begin, bad, 1, some));
  CHECK(arrive(0, 1) == 2);
  CHECK(arrive(1, 3) == 2);
  CHECK(arrive(0, 2) == 1);
  CHECK(arrive(1, 1) == 1);
  one.apply(event(what::unreliable_begin, worse, 2, all));
  CHECK(arrive(0, 1) == 0);
  CHECK(arrive(2, 0) == 0);
  CHECK(arrive(0, 3) == 1);
  CHECK(arrive(1, 1) == 1);
  one.apply(event(what::unreliable_end, worse, 2, all));
  CHECK(arrive(0, 1) == 2);
  CHECK(arrive(2, 0) == 1);
  one.apply(event(what::unreliable_end, bad, 1, some));
  CHECK(arrive(0, 1) == 1);
  CHECK(arrive(1, 3) == 1);
}

TEST_CASE("the larger of an unreliable link's chance and the link's own holds") {
  const std::vector<std::uint32_t> bad{1};
  const message_chances none{.duplicate = 1};
  const message_chances all{.loss = 1};
  network lossless{with_link(plain), 1};
  lossless.apply(event(what::unreliable_begin, bad, 1, all));
  CHECK(lossless.send(0, 1, 0, 0).count == 0);
  network lossy{with_link(R"("chances": {"loss": 1})"), 1};
  lossy.apply(event(what::unreliable_begin, bad, 1, none));
  CHECK(lossy.send(0, 1, 0, 0).count == 0);
}

TEST_CASE("after an unreliable link messages arrive as if it had never been") {
  network one{with_link(plain), 1};
  network other{with_link(plain), 1};
  const std::vector<std::uint32_t> bad{1, 2};
  const message_chances all{
      .loss = 0.5, .duplicate = 0.5, .reorder = 0.5, .reorder_max = ms, .delay = 0.5, .delay_max = ms};
  one.apply(event(what::unreliable_begin, bad, 1, all));
  for (int i = 0; i < 100; ++i)
    (void)one.send(0, 1, 0, i * ms);
  CHECK(one.counted().lost > 0);
  CHECK(one.counted().delayed > 0);
  one.apply(event(what::unreliable_end, bad, 1, all));
  for (int i = 200; i < 300; ++i)
    CHECK(times(one.send(0, 1, 0, i * ms)) == times(other.send(0, 1, 0, i * ms)));
}

TEST_CASE("of two slow links that overlap the slower counts, and the other when that is over") {
  network one{with_link(plain), 1};
  const std::vector<std::uint32_t> slow{1};
  one.apply(event(what::slow_begin, slow, 1, 5));
  one.apply(event(what::slow_begin, slow, 2, 2));
  one.apply(event(what::slow_end, slow, 1));
  CHECK(times(one.send(0, 1, megabyte, 0)) == arrived{4 * ms});
}

TEST_CASE("a slow link of one machine leaves the others as fast as they were") {
  network one{with_link(plain), 1};
  const std::vector<std::uint32_t> slow{1};
  one.apply(event(what::slow_begin, slow, 1, 100));
  CHECK(times(one.send(1, 0, megabyte, 0)) == arrived{200 * ms});
  // Machine 0 has received one megabyte, and can receive the next.
  CHECK(times(one.send(2, 0, megabyte, 0)) == arrived{3 * ms});
}

TEST_CASE("the same seed gives the same arrivals, and what one pair does changes no other's draws") {
  auto jittery = with_link(R"("latencySeconds": 0.001, "jitter": 1)");
  network one{jittery, 9};
  network same{jittery, 9};
  network other{jittery, 10};
  auto differs = false;
  for (int i = 0; i < 100; ++i) {
    auto first = one.send(0, 1, 0, i * ms * 10).at[0];
    CHECK(same.send(0, 1, 0, i * ms * 10).at[0] == first);
    (void)same.send(1, 2, 0, i * ms * 10);
    differs = differs || other.send(0, 1, 0, i * ms * 10).at[0] != first;
  }
  CHECK(differs);
  CHECK(one.pairs() == 1);
  CHECK(same.pairs() == 2);
}

TEST_CASE("many pairs find their own state again") {
  network one{cluster::preset("geo"), 1};
  for (std::uint32_t round = 0; round < 2; ++round)
    for (std::uint32_t from = 0; from < 24; ++from)
      for (std::uint32_t to = 0; to < 24; ++to)
        (void)one.send(from, to, 100, round * ms);
  CHECK(one.pairs() == 24u * 24u);
}

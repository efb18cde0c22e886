#include "drover/actors/sim/faults.hpp"

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

using namespace drover::sim;

namespace {

using what = fault_event::what;

cluster with_faults(const std::string& faults) {
  return cluster::from_json("c.json", R"({"machines": [{"name": "a", "count": 3}], "faults": [)" + faults + "]}");
}

/// All events up to `most`, as "SECONDS what".
std::vector<std::string> story(const std::string& faults, std::size_t most = 20) {
  auto of = with_faults(faults);
  fault_plan plan{of, 1};
  std::vector<std::string> result;
  while (result.size() < most) {
    auto event = plan.next();
    if (!event)
      break;
    result.push_back(std::to_string(event->at / 1'000'000'000) + ' ' + to_string(*event, of));
  }
  return result;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("faults at times come in the order of time, with their ends") {
  CHECK(story(R"({"kind": "pause", "machines": ["a-1"], "atSeconds": 5, "seconds": 4},
                 {"kind": "partition", "machines": ["a-0", "a-2"], "atSeconds": 1, "seconds": 7},
                 {"kind": "slowLink", "machines": ["a-2"], "atSeconds": 2, "seconds": 1},
                 {"kind": "crashAndRestart", "machines": ["a-0"], "atSeconds": 6, "seconds": 10},
                 {"kind": "crash", "machines": ["a-1"], "atSeconds": 30})") ==
        lines{"1 partition of a-0 and 1 more begins", "2 slow link of a-2 begins", "3 slow link of a-2 ends",
              "5 pause of a-1 begins", "6 crash of a-0", "8 partition of a-0 and 1 more ends", "9 pause of a-1 ends",
              "16 restart of a-0", "30 crash of a-1"});
}

TEST_CASE("a fault of a group strikes each of its machines, in order") {
  CHECK(story(R"({"kind": "crash", "machines": ["a"], "atSeconds": 1})") ==
        lines{"1 crash of a-0", "1 crash of a-1", "1 crash of a-2"});
}

TEST_CASE("a machine that is down does not crash again, and one that is gone stays gone") {
  CHECK(story(R"({"kind": "crashAndRestart", "machines": ["a-0"], "atSeconds": 1, "seconds": 5},
                 {"kind": "crashAndRestart", "machines": ["a-0"], "atSeconds": 2, "seconds": 50})") ==
        lines{"1 crash of a-0", "6 restart of a-0"});
  CHECK(story(R"({"kind": "crashAndRestart", "machines": ["a-0"], "atSeconds": 1, "seconds": 5},
                 {"kind": "crash", "machines": ["a-0"], "atSeconds": 2},
                 {"kind": "crash", "machines": ["a-0"], "atSeconds": 3})") == lines{"1 crash of a-0"});
}

TEST_CASE("pauses that overlap are one") {
  CHECK(story(R"({"kind": "pause", "machines": ["a-0"], "atSeconds": 1, "seconds": 5},
                 {"kind": "pause", "machines": ["a-0"], "atSeconds": 2, "seconds": 9})") ==
        lines{"1 pause of a-0 begins", "11 pause of a-0 ends"});
}

TEST_CASE("links are unreliable at times, with their chances, also twice at once") {
  constexpr auto faults = R"(
    {"kind": "unreliableLink", "machines": ["a-1", "a-2"], "atSeconds": 1, "seconds": 5, "chances": {"loss": 0.25}},
    {"kind": "unreliableLink", "machines": ["a-1"], "atSeconds": 2, "seconds": 9, "chances": {"delay": 1}})";
  CHECK(story(faults) == lines{"1 unreliable link of a-1 begins", "1 unreliable link of a-2 begins",
                               "2 unreliable link of a-1 begins", "6 unreliable link of a-1 ends",
                               "6 unreliable link of a-2 ends", "11 unreliable link of a-1 ends"});
  fault_plan plan{with_faults(faults), 1};
  CHECK(plan.next()->chances->loss == 0.25);
}

TEST_CASE("rates never end, keep their mean, and leave time between an end and the next") {
  auto of = with_faults(R"({"kind": "crashAndRestart", "atSeconds": 100, "meanSeconds": 50, "seconds": 10})");
  fault_plan plan{of, 3};
  std::vector<bool> is_down(3);
  nanoseconds last = 0;
  constexpr int events = 30'000;
  for (int i = 0; i < events; ++i) {
    auto event = plan.next();
    REQUIRE(event);
    CHECK(event->at >= last);
    CHECK(event->at >= from_seconds(100));
    auto machine = event->machines.front();
    CHECK((event->kind == what::crash) == !is_down[machine]);
    is_down[machine] = !is_down[machine];
    last = event->at;
  }
  // Each of 3 machines takes 60 seconds on average from one crash to the next, of two events each.
  CHECK(static_cast<double>(last) * 1e-9 == doctest::Approx(events / 6 * 60.0).epsilon(0.03));
}

TEST_CASE("rates on a machine end when it is gone") {
  auto events = story(R"({"kind": "crash", "atSeconds": 50, "meanSeconds": 1},
                         {"kind": "crashAndRestart", "meanSeconds": 1, "seconds": 1},
                         {"kind": "pause", "meanSeconds": 1, "seconds": 1},
                         {"kind": "slowLink", "meanSeconds": 1, "seconds": 1},
                         {"kind": "unreliableLink", "meanSeconds": 1, "seconds": 1, "chances": {"loss": 1}},
                         {"kind": "partition", "meanSeconds": 1, "seconds": 1})",
                      100'000);
  CHECK(events.size() > 100);
  CHECK(events.size() < 100'000);
}

TEST_CASE("the same seed gives the same faults, another seed others") {
  auto of = cluster::preset("preemptible");
  fault_plan one{of, 1};
  fault_plan same{of, 1};
  fault_plan other{of, 2};
  auto differs = false;
  for (int i = 0; i < 1000; ++i) {
    auto told = [](const fault_event& event) {
      return std::tuple{event.at, event.kind, event.machines.front(), event.occurrence};
    };
    auto first = told(*one.next());
    CHECK(told(*same.next()) == first);
    differs = differs || told(*other.next()) != first;
  }
  CHECK(differs);
}

TEST_CASE("a cluster without faults has none") {
  CHECK(story("").empty());
}

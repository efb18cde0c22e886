#include "drover/actors/sim/cluster.hpp"

#include <doctest/doctest.h>

#include "tests/sim/refusal.hpp"
#include <filesystem>
#include <limits>
#include <string>

using drover::sim::cluster;
using drover::sim::preset_names;

namespace {

cluster read(const std::string& text) {
  return cluster::from_json("c.json", text);
}

std::string refusal_of(const std::string& text) {
  return refusal([&text] { (void)read(text); });
}

/// A cluster of two groups in two racks, with what else is said of it.
std::string two_racks(const std::string& more) {
  return "{\"machines\": [{\"name\": \"a\", \"count\": 2, \"rack\": \"left\"}, {\"name\": \"b\", \"rack\": "
         "\"right\"}]" +
         more + "}";
}

const std::string linked = R"(, "betweenRacks": {"latencySeconds": 0.001})";

} // namespace

TEST_CASE("groups become machines with names of their own") {
  auto one = read(two_racks(linked));
  REQUIRE(one.machines().size() == 3);
  CHECK(one.machines()[1].name == "a-1");
  CHECK(one.machines()[2].name == "b");
  CHECK(one.machines()[2].rack == 1);
  CHECK(one.racks()[1] == "right");
  CHECK(one.machines()[0].message_cost == 5000);
  CHECK(one.machines()[0].shards_max == 1);
  CHECK(one.machines()[0].workers_max == std::numeric_limits<std::uint32_t>::max());
}

TEST_CASE("factors of a group and of stragglers multiply the step") {
  auto one = read(R"({"machines": [{"name": "a", "count": 3, "factor": 2, "step": {"seconds": 0.1},
                      "stragglers": [{"machine": 1, "factor": 4}]}]})");
  CHECK(one.machines()[0].step.median_ns == doctest::Approx(2e8));
  CHECK(one.machines()[1].step.median_ns == doctest::Approx(8e8));
}

TEST_CASE("a link is that of the two machines, else within the machine, else of the racks, else the general one") {
  auto one = read(two_racks(linked + R"(, "links": [
    {"between": ["a-1", "b"], "latencySeconds": 2}, {"between": ["left", "left"], "latencySeconds": 3},
    {"between": ["b", "b"], "latencySeconds": 4}])"));
  auto latency = [&one](unsigned from, unsigned to) { return one.links()[one.route_between(from, to).link].latency; };
  CHECK(latency(1, 2) == 2'000'000'000);
  CHECK(latency(2, 1) == 2'000'000'000);
  CHECK(latency(0, 2) == 1'000'000);
  CHECK(latency(0, 1) == 3'000'000'000);
  CHECK(latency(0, 0) == 2000);
  CHECK(latency(2, 2) == 4'000'000'000);
  CHECK(one.route_between(1, 2).is_own);
  CHECK(!one.route_between(0, 2).is_own);
}

TEST_CASE("contradictions are refused with line and field") {
  CHECK(refusal_of("{\n\"machines\": []}") == "c.json, line 2: machines is empty: a cluster has at least one machine");
  CHECK(refusal_of(two_racks("")) == "c.json, line 1: links has no link between the racks left and right: each two "
                                     "racks need one, or betweenRacks says it for all");
  CHECK(refusal_of("{\"machines\": [{\"name\": \"a\"},\n{\"name\": \"a\"}]}") ==
        "c.json, line 2: machines[1].name makes the name a, which another group has, too");
  CHECK(refusal_of(R"({"machines": [{"name": "a", "count": 2}, {"name": "a-1"}]})") ==
        "c.json, line 1: machines[1].name makes the name a-1, which a machine of another group has, too");
  CHECK(refusal_of(R"({"machines": [{"name": "rack-0"}]})") ==
        "c.json, line 1: machines[0].name makes the name rack-0, which a rack has, too");
  CHECK(refusal_of(R"({"machines": [{"name": ""}]})").find("name is empty") != std::string::npos);
  CHECK(refusal_of(R"({"machines": [{"name": "a\nb"}, {"name": "a\nb"}]})") ==
        "c.json, line 1: machines[1].name makes the name a\\nb, which another group has, too");
  CHECK(refusal_of(R"({"machines": [{"name": "a", "count": 60000}, {"name": "b", "count": 60000}]})") ==
        "c.json, line 1: machines[1].count is 60000, which makes 120000 machines: allowed are 100000");
  CHECK(refusal_of(R"({"machines": [{"name": "a", "hostsWorkers": false, "workers": 2}]})") ==
        "c.json, line 1: machines[0].workers is given, and hostsWorkers is false");
  CHECK(refusal_of(R"({"machines": [{"name": "a", "stragglers": [{"machine": 1, "factor": 4}]}]})") ==
        "c.json, line 1: machines[0].stragglers[0].machine is 1: the group a has machines 0 to 0");
}

TEST_CASE("links that join nothing are refused") {
  auto link = [](const std::string& between) {
    return refusal_of(two_racks(linked + R"(, "links": [{"between": )" + between + "}]"));
  };
  CHECK(link(R"(["left"])") ==
        "c.json, line 1: links[0].between does not have two names: a link is between two racks or two machines");
  CHECK(link(R"(["left", "rihgt"])") ==
        "c.json, line 1: links[0].between[1] is rihgt, which no machine, group or rack is "
        "called: did you mean right?");
  CHECK(link(R"(["left", "b"])").find("names a rack and a machine") != std::string::npos);
  CHECK(link(R"(["a", "b"])").find("a group of 2 machines") != std::string::npos);
  CHECK(link(R"(["left", "right"]}, {"between": ["right", "left"])")
            .find("links[1].between names right and left, between "
                  "which there is a link above") != std::string::npos);
  CHECK(refusal_of(two_racks(R"(, "betweenRacks": {"between": ["left", "right"]})")).find("only links have it") !=
        std::string::npos);
}

TEST_CASE("faults that cannot be meant are refused") {
  auto fault = [](const std::string& fields) {
    return refusal_of(two_racks(linked + ",\n\"faults\": [{" + fields + "}]"));
  };
  CHECK(fault(R"("kind": "crash", "machines": ["c"], "atSeconds": 1)") ==
        "c.json, line 2: faults[0].machines[0] is c, which no machine, group or rack is called: did you mean a?");
  CHECK(fault(R"("kind": "crash", "machines": ["a"], "atSeconds": 1, "seconds": 2)") ==
        "c.json, line 2: faults[0].seconds is given, and a crash is for good: crashAndRestart comes back");
  CHECK(fault(R"("kind": "pause", "machines": ["a"], "atSeconds": 1, "factor": 2)") ==
        "c.json, line 2: faults[0].factor is given, and only slowLink has one");
  CHECK(fault(R"("kind": "slowLink", "machines": ["a"], "atSeconds": 1, "chances": {"loss": 0.1})") ==
        "c.json, line 2: faults[0].chances is given, and only unreliableLink has them");
  CHECK(fault(R"("kind": "unreliableLink", "machines": ["a"], "atSeconds": 1)") ==
        "c.json, line 2: faults[0].chances has none above 0: what happens to messages?");
  CHECK(fault("\"kind\": \"unreliableLink\", \"meanSeconds\": 1,\n\"chances\": {\"reorderSeconds\": 1}") ==
        "c.json, line 3: faults[0].chances has none above 0: what happens to messages?");
  CHECK(fault(R"("kind": "unreliableLink", "machines": ["a"], "atSeconds": 1, "chances": {"loss": 1.5})") ==
        "c.json, line 2: faults[0].chances.loss is 1.5: allowed is a number from 0 to 1");
  CHECK(fault(R"("kind": "pause", "machines": ["a"])") ==
        "c.json, line 2: faults[0] has neither atSeconds nor meanSeconds: when does it happen?");
  CHECK(fault(R"("kind": "pause", "atSeconds": 3)") ==
        "c.json, line 2: faults[0] has no machines: which does it happen to?");
  CHECK(fault(R"("kind": "partition", "machines": ["left", "b"], "atSeconds": 3)") ==
        "c.json, line 2: faults[0].machines names every machine: a partition leaves some on the other side");
}

TEST_CASE("a fault that hardly ever pauses is refused, and one that happens once is not") {
  auto with_mean = [](const std::string& seconds) {
    return refusal_of(two_racks(linked +
                                ",\n\"faults\": [{\"kind\": \"pause\", \"machines\": [\"a\"], "
                                "\"atSeconds\": 1, \"meanSeconds\": " +
                                seconds + "}]"));
  };
  CHECK(with_mean("1e-9") ==
        "c.json, line 2: faults[0].meanSeconds is 1e-09: allowed is 0, for once, or at least 0.001");
  CHECK(with_mean("0.00099").find("is 0.00099") != std::string::npos);
  CHECK(with_mean("0.001") == "(nothing was refused)");
  CHECK(with_mean("0") == "(nothing was refused)");
}

TEST_CASE("names of faults are machines, groups and racks; a rate without names strikes all") {
  auto one = read(two_racks(linked + R"(, "faults": [
    {"kind": "pause", "machines": ["right", "a-1", "b"], "atSeconds": 1},
    {"kind": "pause", "machines": ["a"], "atSeconds": 1}, {"kind": "crash", "meanSeconds": 60}])"));
  CHECK(one.faults()[0].machines == std::vector<std::uint32_t>{1, 2});
  CHECK(one.faults()[1].machines == std::vector<std::uint32_t>{0, 1});
  CHECK(one.faults()[2].machines == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("a fault has chances of its own, and how late something may be counts where it can be late") {
  auto one = read(two_racks(linked + R"(, "chances": {"delay": 0.5}, "faults": [{"kind": "unreliableLink",
    "machines": ["right"], "meanSeconds": 60, "chances": {"loss": 0.2, "delaySeconds": 3}}])"));
  const auto& chances = one.faults()[0].chances;
  CHECK(chances.loss == 0.2);
  CHECK(chances.delay_max == 0);
  CHECK(one.links()[one.route_between(0, 2).link].chances.delay == 0.5);
  CHECK(one.links()[one.route_between(0, 2).link].chances.delay_max == 200'000'000);
  CHECK(one.links()[one.route_between(0, 0).link].chances.delay == 0);
}

TEST_CASE("a short file cannot ask for any memory by faults") {
  std::string faults = R"({"kind": "crash", "meanSeconds": 1})";
  for (int i = 0; i < 20; ++i)
    faults += R"(, {"kind": "crash", "meanSeconds": 1})";
  CHECK(refusal_of(R"({"machines": [{"name": "a", "count": 100000}], "faults": [)" + faults + "]}")
            .find("allowed are 1000000") != std::string::npos);
}

TEST_CASE("every preset is a cluster and comes back from its JSON the same") {
  CHECK(preset_names().size() == 5);
  for (const auto& name : preset_names()) {
    auto one = cluster::preset(name);
    CHECK(!one.machines().empty());
    auto text = one.to_json();
    CHECK_MESSAGE(read(text).to_json() == text, text);
    CHECK(read(text).machines().size() == one.machines().size());
  }
  CHECK(refusal([] { (void)cluster::preset("two-rack"); }) ==
        "there is no cluster two-rack: did you mean two-racks? There are one-host, 10gbe-rack, two-racks, geo, "
        "preemptible");
}

TEST_CASE("every example is a cluster") {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator{DROVER_EXAMPLE_CLUSTERS}) {
    CHECK_NOTHROW((void)cluster::from_file(file.path()));
    ++count;
  }
  CHECK(count >= 3);
}

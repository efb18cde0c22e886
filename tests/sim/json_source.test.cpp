#include "drover/actors/sim/json_source.hpp"

#include "drover/messages/cluster.capnp.h"

#include <capnp/message.h>
#include <doctest/doctest.h>

#include "tests/sim/refusal.hpp"
#include <filesystem>
#include <fstream>
#include <string>

using drover::sim::json_source;
using drover::sim::json_text;
namespace messages = drover::messages;

namespace {

std::string refusal_of(const std::string& text) {
  return refusal([&text] {
    capnp::MallocMessageBuilder arena;
    json_source{"c.json", "a cluster", text}.read_into(arena.initRoot<messages::Cluster>());
  });
}

/// What is written of what was read.
std::string round_trip(const std::string& text) {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<messages::Cluster>();
  json_source{"c.json", "a cluster", text}.read_into(root);
  return json_text(root.asReader());
}

} // namespace

TEST_CASE("structs in lists in structs are read, and what is absent has its default") {
  capnp::MallocMessageBuilder arena;
  auto root = arena.initRoot<messages::Cluster>();
  json_source source{"c.json", "a cluster", R"({
    "machines": [{"name": "a", "count": 3, "step": {"distribution": "lognormal"}}, {"name": "b"}],
    "withinMachine": {"jitter": 0.5},
    "faults": [{"kind": "slow-link", "machines": ["a-1", "b"], "atSeconds": 2}]
  })"};
  source.read_into(root);
  CHECK(root.getMachines().size() == 2);
  CHECK(root.getMachines()[0].getCount() == 3);
  CHECK(root.getMachines()[0].getStep().getDistribution() == messages::StepDistribution::LOGNORMAL);
  CHECK(root.getMachines()[0].getStep().getSeconds() == 0.01);
  CHECK(root.getMachines()[1].getRack() == "rack-0");
  CHECK(root.getWithinMachine().getJitter() == 0.5);
  CHECK(root.getWithinMachine().getLatencySeconds() == 0.000002);
  CHECK(root.getFaults()[0].getKind() == messages::FaultKind::SLOW_LINK);
  CHECK(root.getFaults()[0].getMachines()[1] == "b");
  CHECK(source.gives("machines[0].count"));
  CHECK(!source.gives("machines[1].count"));
}

TEST_CASE("every refusal names file, line and field, and says what is allowed") {
  CHECK(refusal_of("{\n\"machines\": [\n{\"name\": \"a\"},\n{\"name\": \"b\",\n\"count\": -1}]}") ==
        "c.json, line 5: machines[1].count is -1: allowed is a whole number from 1 to 100000");
  CHECK(refusal_of("{\"machines\": [{\"name\": \"a\",\n \"step\": {\n  \"seconds\": 0}}]}") ==
        "c.json, line 3: machines[0].step.seconds is 0: allowed is a number from 1e-09 to 1000000");
  CHECK(refusal_of("{\n\"machnes\": []}") == "c.json, line 2: a cluster has no field machnes: did you mean machines?");
  CHECK(refusal_of("{\"machines\": [{\"name\": \"a\",\n\n\"cout\": 1}]}") ==
        "c.json, line 3: machines[0] has no field cout: did you mean count?");
  CHECK(refusal_of("{\"machines\": [{\"name\": \"a\"},\n{\n\"count\": 1}]}") ==
        "c.json, line 2: machines[1] has no name, and needs one");
  CHECK(refusal_of("\n{}") == "c.json, line 2: a cluster has no machines, and needs one");
  CHECK(refusal_of("{\"machines\": [],\n\"machines\": []}") ==
        "c.json, line 1: machines is given twice, the second time in line 2");
  CHECK(
      refusal_of("{\"faults\": [{\n\"kind\": \"cras\"}]}") ==
      "c.json, line 2: faults[0].kind is cras: did you mean crash? Allowed is one of crash, crash-and-restart, pause, "
      "partition, slow-link, unreliable-link");
  CHECK(refusal_of("{\"faults\": [{\"machines\": [\"a\",\n\"b\",\n3]}]}") ==
        "c.json, line 3: faults[0].machines[2] is 3: allowed is a text");
}

TEST_CASE("a foreign text is quoted in one line, without harm to a terminal, and not whole") {
  CHECK(refusal_of(R"({"fo\no": 1})") == "c.json, line 1: a cluster has no field fo\\no: did you mean links?");
  CHECK(refusal_of(R"({"machines": "x\ny"})") ==
        "c.json, line 1: machines is the text \"x\\ny\": allowed is an array, [ … ]");
  CHECK(refusal_of(R"({"faults": [{"kind": "\u001b[31m\u0007"}]})")
            .starts_with("c.json, line 1: faults[0].kind is \\x1b[31m\\x07: did you mean "));
  CHECK(refusal_of(R"({"machines": [{"name": 1, "na)" + std::string(200, 'a') + R"(": 1}]})").size() < 200);
}

TEST_CASE("what has no name of its own is refused with the line that it begins in") {
  CHECK(refusal_of("{\"machines\":\n[\n{\"name\":\"a\"},\n\n\n{}\n]}") ==
        "c.json, line 6: machines[1] has no name, and needs one");
  CHECK(refusal_of("{\"machines\":\n[\n{\"name\":\"a\"},\n\"b\"]}") ==
        "c.json, line 4: machines[1] is the text \"b\": allowed is an object, { … }");
  CHECK(refusal_of("{\"faults\": [{\"machines\":\n[\"a\",\n[\n1]]}]}") ==
        "c.json, line 3: faults[0].machines[1] is an array: allowed is a text");
}

TEST_CASE("wrong types and numbers that are none are refused") {
  auto count = [](const std::string& value) {
    return refusal_of(R"({"machines": [{"name": "a", "count": )" + value + "}]}");
  };
  for (const auto* value : {"1.5", "1e300", "1e999", "null", "true", "[]", "{}", "\"1\"", "0", "-1", "100001"})
    CHECK(count(value).find("allowed is a whole number from 1 to 100000") != std::string::npos);
  CHECK(refusal_of(R"({"machines": [{"name": "a", "factor": 1e999}]})").find("factor is inf: allowed is a number") !=
        std::string::npos);
  CHECK(count("NaN") == "c.json, line 1: this is not JSON: there is NaN where a value belongs");
  CHECK(refusal_of(R"({"machines": {}})") == "c.json, line 1: machines is an object: allowed is an array, [ … ]");
  CHECK(refusal_of(R"({"machines": [3]})") == "c.json, line 1: machines[0] is 3: allowed is an object, { … }");
  CHECK(refusal_of(R"({"machines": [{"name": 3}]})") == "c.json, line 1: machines[0].name is 3: allowed is a text");
  CHECK(refusal_of(R"({"machines": [{"name": "a\u0000"}]})").find("a character of value 0") != std::string::npos);
  CHECK(refusal_of(R"({"withinRack": 3})") == "c.json, line 1: withinRack is 3: allowed is an object, { … }");
}

TEST_CASE("what is no JSON, too deep, too long or too much is refused") {
  CHECK(refusal_of("") == "c.json, line 1: this is not JSON: it is empty");
  CHECK(refusal_of("[]") == "c.json: a cluster is a JSON object, { … }, and this is an array");
  CHECK(refusal_of(std::string(100'000, '[')) ==
        "c.json, line 1: this is not JSON: arrays and objects are more than 64 deep in each other");
  CHECK(refusal_of(std::string(json_source::bytes_max + 1, ' ')) ==
        "c.json: it has more than 1048576 bytes, which a cluster never needs");
  std::string many = "{}";
  for (std::size_t i = 0; i < json_source::elements_max; ++i)
    many += ",{}";
  CHECK(refusal_of("{\"links\": [" + many + "]}") ==
        "c.json, line 1: links has 10001 elements: allowed are at most 10000");
  auto long_name = refusal_of("{\"" + std::string(100'000, 'x') + "\": 1}");
  CHECK(long_name.size() < 200);
}

TEST_CASE("what is no JSON is refused with its line, in words about the text") {
  auto problem = [](const std::string& text) {
    auto sentence = refusal_of("{\n\"machines\": [\n" + text);
    std::string begin = "c.json, line ";
    auto end = sentence.find(": this is not JSON: ");
    REQUIRE(sentence.starts_with(begin));
    REQUIRE(end != std::string::npos);
    return sentence.substr(begin.size());
  };
  CHECK(problem("{\"name\": \"a\"}\n]\n\n") == "4: this is not JSON: it ends where a comma or } belongs");
  CHECK(problem("{\"name\": \"a\",\n}]}") == "4: this is not JSON: there is } where a name in quotes belongs");
  CHECK(problem("{\"name\": \"a\"},\n]}") == "4: this is not JSON: there is ] where a value belongs");
  CHECK(problem("{\"name\": \"a\" // the first\n}]}") ==
        "3: this is not JSON: there is a comment, which JSON does not have, where a comma or } belongs");
  CHECK(problem("\n{\"name\": \"a\", \"hostsWorkers\":tru") ==
        "4: this is not JSON: there is tru where a value belongs");
  CHECK(problem("{\"name\" \"a\"}]}") == "3: this is not JSON: there is \" where a colon belongs");
  CHECK(problem("{\"name\": \"a,\n\"count\": 1}]}") == "3: this is not JSON: a text has no closing quote in its line");
  CHECK(problem("{\"name\": \"a") == "3: this is not JSON: it ends in a text that has no closing quote");
  CHECK(problem("{\"name\": \"\\q\"}]}").starts_with("3: this is not JSON: a text has a backslash in it"));
  CHECK(problem("\x1b[31m") == "3: this is not JSON: there is \\x1b where a value belongs");
  CHECK(problem("]} {}") == "3: this is not JSON: there is { after its end");
  for (const auto* number : {"01", "1.", ".5", "+1", "-", "1e", "0x10"})
    CHECK(problem(number) == std::string{"3: this is not JSON: there is "} + number + " where a value belongs");
  CHECK(refusal_of("\xef\xbb\xbf{}") ==
        "c.json, line 1: this is not JSON: it begins with a byte order mark, which JSON does not have");
}

TEST_CASE("a name inside a text does not lead a line astray") {
  CHECK(refusal_of("{\"machines\": [{\"rack\": \"\\\"count\\\": 3\",\n\"name\": \"count\",\n\"count\": -1}]}")
            .starts_with("c.json, line 3: machines[0].count is -1"));
}

TEST_CASE("names that are written with escapes are read, and lead no line astray") {
  CHECK(round_trip(R"({"m\u0061chines": [{"name": "caf\u00e9"}]})") == "{\"machines\": [{\"name\": \"café\"}]}\n");
  CHECK(refusal_of("{\n\"m\\u0061chines\": [{\"name\": \"caf\\u00e9\",\n\"count\": -1}]}") ==
        "c.json, line 3: machines[0].count is -1: allowed is a whole number from 1 to 100000");
}

TEST_CASE("what is written is the shortest text that reads the same") {
  CHECK(round_trip(R"({"machines":[{"name":"a","count":1,"step":{"seconds":0.5}}],"chances":{"loss":0.1}})") ==
        "{\"machines\": [{\"name\": \"a\", \"step\": {\"seconds\": 0.5}}], \"chances\": {\"loss\": 0.1}}\n");
  // 0.00005 is the default of a link, and not of the link within a machine.
  auto text = round_trip(R"({"machines": [{"name": "a"}], "withinMachine": {"latencySeconds": 0.00005}})");
  CHECK(text.find("\"latencySeconds\": 5e-05") != std::string::npos);
  CHECK(round_trip(text) == text);
  auto crash = round_trip(R"({"machines": [{"name": "a"}], "faults": [{"kind": "crash", "machines": ["a"]}]})");
  CHECK(crash.find("\"kind\": \"crash\"") != std::string::npos);
}

TEST_CASE("a file that cannot be read is refused by name") {
  auto read = [](const std::filesystem::path& file) {
    return refusal([&file] { (void)json_source::from_file(file, "a cluster"); });
  };
  auto folder = std::filesystem::temp_directory_path();
  CHECK(read(folder) == folder.string() + ": it cannot be read: it is a folder");
  CHECK(read("/no/such/file") == "/no/such/file: it cannot be read: No such file or directory");
}

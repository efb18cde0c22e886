#include "drover/actors/metrics_file.hpp"

#include <capnp/message.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>

TEST_CASE("metrics are one JSON line a report, there as soon as they are written") {
  auto file = std::filesystem::temp_directory_path() / "drover_metrics_file_test";
  drover::metrics_file out{file};
  capnp::MallocMessageBuilder progress_arena;
  auto progress = progress_arena.initRoot<drover::messages::Progress>();
  progress.setEpoch(2);
  progress.setSamples(60000);
  progress.setLoss(0.5);
  progress.getStaleness().setBound(6);
  progress.getTest().initResult().setAccuracy(0.875);
  out.write(progress.asReader());
  capnp::MallocMessageBuilder summary_arena;
  auto summary = summary_arena.initRoot<drover::messages::Summary>();
  summary.setOutcome(drover::messages::Summary::Outcome::DIVERGED);
  summary.setTestLoss(std::numeric_limits<double>::quiet_NaN());
  summary.initShards(1)[0].initWorkers(1)[0].initCounts(2).set(1, 3);
  out.write(summary.asReader());

  std::ifstream in{file};
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(line.starts_with(R"({"progress": {"epoch":2,)"));
  CHECK(line.find(R"("samples":60000,)") != std::string::npos);
  CHECK(line.find(R"("bound":6)") != std::string::npos);
  CHECK(line.find(R"("accuracy":0.875)") != std::string::npos);
  REQUIRE(std::getline(in, line));
  CHECK(line.starts_with(R"({"summary": {"outcome":"diverged",)"));
  CHECK(line.find(R"("counts":[0,3])") != std::string::npos);
  CHECK_FALSE(std::getline(in, line));
  std::filesystem::remove(file);
}

TEST_CASE("metrics of a model that predicts numbers have no accuracy") {
  auto file = std::filesystem::temp_directory_path() / "drover_metrics_numbers_test";
  auto none = std::numeric_limits<double>::quiet_NaN();
  {
    drover::metrics_file out{file};
    capnp::MallocMessageBuilder progress_arena;
    auto progress = progress_arena.initRoot<drover::messages::Progress>();
    progress.setLoss(0.5);
    progress.setAccuracy(none);
    progress.getTest().initResult().setLoss(0.25);
    progress.getTest().getResult().setAccuracy(none);
    out.write(progress.asReader());
    capnp::MallocMessageBuilder summary_arena;
    auto summary = summary_arena.initRoot<drover::messages::Summary>();
    summary.setSentence(R"("accuracy":"NaN", it says)");
    summary.setTestLoss(none);
    summary.setTestAccuracy(none);
    out.write(summary.asReader());
  }
  std::ifstream in{file};
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(line.find("ccuracy") == std::string::npos);
  CHECK(line.find(R"("result":{"loss":0.25})") != std::string::npos);
  CHECK(line.find(R"("loss":0.5,)") != std::string::npos);
  REQUIRE(std::getline(in, line));
  CHECK(line.find(R"("sentence":"\"accuracy\":\"NaN\", it says")") != std::string::npos);
  CHECK(line.find("testAccuracy") == std::string::npos);
  CHECK(line.find(R"("testLoss":"NaN")") != std::string::npos);
  std::filesystem::remove(file);
}

TEST_CASE("metrics replace older metrics and what is empty, and nothing else") {
  auto file = std::filesystem::temp_directory_path() / "drover_metrics_place_test";
  auto content = [&file] { return std::string{std::istreambuf_iterator<char>{std::ifstream{file}.rdbuf()}, {}}; };
  for (const auto* older : {"", "{\"progress\": {}}\n", "{\"summary\": {}}\n"}) {
    std::ofstream{file} << older;
    drover::metrics_file out{file};
    CHECK(content().empty());
  }
  for (std::string other : {"x,label\n1,2\n", "{\"workers\": 3}\n", "{\"progress\"", "\n", "{"}) {
    std::ofstream{file} << other;
    CHECK_THROWS_WITH_AS(drover::metrics_file{file},
                         ("cannot write metrics to " + file.string() +
                          ": the file that is there does not begin as metrics do, and is not replaced: name another")
                             .c_str(),
                         std::runtime_error);
    CHECK(content() == other);
  }
  std::filesystem::remove(file);
}

TEST_CASE("a metrics file that cannot be written is refused with the system's reason") {
  CHECK_THROWS_WITH_AS(drover::metrics_file{"/none/here"},
                       "cannot write metrics to /none/here: No such file or directory", std::runtime_error);
}

#include "drover/actors/cli/flags.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using drover::cli::command_line;

auto all_flags() {
  return drover::cli::job_flags([](const drover::job_field&) { return true; }, true);
}

command_line parse(const std::vector<std::string>& arguments) {
  return drover::cli::parse(arguments, all_flags(), 1);
}

drover::job applied(const std::vector<std::string>& arguments) {
  drover::job result;
  drover::cli::apply(parse(arguments), result);
  return result;
}

} // namespace

TEST_CASE("flags set the fields of a job, with a blank or an equals sign before the value") {
  auto one = applied({"--workers", "3", "--learning-rate=0.5", "--optimizer", "adam"});
  CHECK(one.read().getWorkers() == 3);
  CHECK(one.read().getLearningRate() == 0.5);
  CHECK(one.read().getOptimizer() == drover::messages::Optimizer::ADAM);
}

TEST_CASE("a switch needs no value, takes none from the next word, and can be turned off") {
  auto line = parse({"--prefetch", "job.json"});
  CHECK(line.files == std::vector<std::string>{"job.json"});
  drover::job one;
  drover::cli::apply(line, one);
  CHECK(one.read().getPrefetch());
  drover::cli::apply(parse({"--prefetch=false"}), one);
  CHECK_FALSE(one.read().getPrefetch());
}

TEST_CASE("a command line that cannot be understood is refused with a sentence") {
  CHECK_THROWS_WITH_AS(parse({"--worker", "1"}), "there is no flag --worker: did you mean --workers?",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--work", "1"}), "there is no flag --work: did you mean --workers?",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--safe", "1"}), "there is no flag --safe: did you mean --save?", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--workers"}), "--workers needs a value", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--workers", "--seed", "1"}), "--workers needs a value", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--workers="}), "--workers needs a value", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"--seed", "1", "--seed", "2"}), "--seed is given twice", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parse({"a.json", "b.json"}), "do not know what to do with b.json: a flag begins with --",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(applied({"--learning-rate", "-1"}), "--learning-rate is -1: allowed is a number from 0 to 1000",
                       std::invalid_argument);
}

TEST_CASE("help shows every section and field, with choices and defaults, in lines that fit") {
  std::ostringstream out;
  out << all_flags();
  auto text = out.str();
  for (const auto& field : drover::job_fields()) {
    CHECK_MESSAGE(text.find("--" + field.flag + " ") != std::string::npos, field.flag);
    CHECK_MESSAGE(text.find(field.section + ":") != std::string::npos, field.section);
  }
  CHECK(text.find("share of the velocity kept [0.9]") != std::string::npos);
  CHECK(text.find("relu, tanh, sigmoid, gelu [relu]") != std::string::npos);
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    CHECK_MESSAGE(line.size() <= drover::cli::help_columns + 2, line);
}

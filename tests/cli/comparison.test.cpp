#include "drover/actors/cli/comparison.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using drover::cli::compared_consistencies;
using drover::cli::compared_run;

namespace {

using ending = drover::messages::Summary::Outcome;

compared_run run_with(std::string name, std::vector<drover::cli::quality_point> test,
                      ending outcome = ending::COMPLETED, double accuracy = 0.75) {
  drover::message_builder<drover::messages::Summary> summary;
  summary->setOutcome(outcome);
  summary->setSeconds(12.5);
  summary->setTestLoss(0.5);
  summary->setTestAccuracy(accuracy);
  drover::simulate_result result;
  result.trained.summary = summary.finish();
  result.measures.computing = {0.25, 0.75};
  result.measures.traffic.bytes = 2048;
  return {std::move(name), std::move(result), "", std::move(test), {}};
}

const std::vector<compared_run> two{run_with("bsp", {{1, 0.9, 0.5}, {2, 0.8, 0.7}, {3, 0.7, 0.8}}),
                                    run_with("asp", {{1, 0.9, 0.6}, {2, 0.8, 0.75}, {3, 0.7, 0.6}})};

} // namespace

TEST_CASE("consistencies to compare are taken apart at commas, and there are two different ones at least") {
  CHECK(compared_consistencies("bsp,ssp:2,asp") == std::vector<std::string>{"bsp", "ssp:2", "asp"});
  CHECK_THROWS_WITH_AS((void)compared_consistencies("bsp"),
                       "--compare is bsp: say at least two, with commas between them: bsp,ssp:2,asp",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)compared_consistencies("bsp,asp,bsp"), "--compare names bsp twice", std::invalid_argument);
  CHECK_THROWS_WITH_AS((void)compared_consistencies("ssp:2,ssp:02"), "--compare names ssp:02 twice, once as ssp:2",
                       std::invalid_argument);
}

TEST_CASE("runs are compared by when they first had the best accuracy that all of them reached") {
  CHECK(drover::cli::common_accuracy(two) == 0.75);
  CHECK(drover::cli::seconds_to(two[0], 0.75) == 3);
  CHECK(drover::cli::seconds_to(two[1], 0.75) == 2);
  CHECK_FALSE(drover::cli::seconds_to(two[1], 0.8));
  CHECK_FALSE(drover::cli::common_accuracy({two[0], run_with("ssp:1", {})}));
}

TEST_CASE("the table has a row for each run") {
  std::ostringstream out;
  drover::cli::print_comparison(out, two);
  CHECK(out.str() ==
        "\n"
        "consistency  virtual time   to 75.00 %     loss  accuracy  utilisation  staleness  max     network\n"
        "bsp                12.5 s       3.00 s   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB\n"
        "asp                12.5 s       2.00 s   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB\n");
}

TEST_CASE("a run that did not complete is marked in its row and in the picture, and one that failed sets no accuracy") {
  auto runs = two;
  runs.push_back(run_with("ssp:1", {{1, 0.9, 0.3}}, ending::FAILED));
  runs.push_back(run_with("ssp:2", {{1, 0.9, 0.3}}, ending::DIVERGED));
  runs.push_back(run_with("ssp:3", {{1, 0.9, 0.8}}, ending::STOPPED));
  runs.push_back({"ssp:4", std::nullopt, "its machine crashed", {{1, 0.9, 0.78}}, {}});
  CHECK(drover::cli::common_accuracy(runs) == 0.75);
  std::ostringstream out;
  drover::cli::print_comparison(out, runs);
  CHECK(out.str() ==
        "\n"
        "consistency  virtual time   to 75.00 %     loss  accuracy  utilisation  staleness  max     network\n"
        "bsp                12.5 s       3.00 s   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB\n"
        "asp                12.5 s       2.00 s   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB\n"
        "ssp:1              12.5 s            -   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB  failed\n"
        "ssp:2              12.5 s            -   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB  diverged\n"
        "ssp:3              12.5 s       1.00 s   0.5000   75.00 %      50.00 %       0.00    0     2.0 KiB  stopped\n"
        "ssp:4                   -       1.00 s        -         -            -          -    -           -  failed\n");
  auto picture = drover::cli::comparison_picture(runs);
  for (const auto* name : {">asp<", ">ssp:1 (failed)<", ">ssp:2 (diverged)<", ">ssp:3 (stopped)<", ">ssp:4 (failed)<"})
    CHECK(picture.find(name) != std::string::npos);
}

TEST_CASE("models that predict numbers are compared without an accuracy") {
  auto none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<compared_run> numbers{run_with("bsp", {{1, 0.9, none}}, ending::COMPLETED, none),
                                          run_with("asp", {{1, 0.8, none}}, ending::COMPLETED, none)};
  CHECK(drover::cli::have_classes(two));
  CHECK_FALSE(drover::cli::have_classes(numbers));
  CHECK_FALSE(drover::cli::common_accuracy(numbers));
  std::ostringstream out;
  drover::cli::print_comparison(out, numbers);
  CHECK(out.str() ==
        "\n"
        "consistency  virtual time         to -     loss  accuracy  utilisation  staleness  max     network\n"
        "bsp                12.5 s            -   0.5000         -      50.00 %       0.00    0     2.0 KiB\n"
        "asp                12.5 s            -   0.5000         -      50.00 %       0.00    0     2.0 KiB\n");
  auto picture = drover::cli::comparison_picture(numbers);
  CHECK(picture.find("mean squared error") != std::string::npos);
  CHECK(picture.find("Accuracy") == std::string::npos);
  auto classes = drover::cli::comparison_picture(two);
  CHECK(classes.find("mean loss") != std::string::npos);
  CHECK(classes.find("Accuracy") != std::string::npos);
}

#include "drover/actors/cli/comparison.hpp"

#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/simulation_summary.hpp"
#include "drover/actors/cli/staleness_table.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/core/consistency_mode.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace drover::cli {

namespace {

constexpr std::size_t name_columns = 12;

bool are_same(const std::string& one, const std::string& other) {
  auto first = consistency_mode::parse(one);
  auto second = consistency_mode::parse(other);
  return first.family == second.family && first.slack == second.slack;
}

double staleness_mean(messages::Summary::Reader summary) {
  double sum = 0;
  double updates = 0;
  for (auto shard : summary.getShards())
    for (auto row : shard.getWorkers()) {
      sum += static_cast<double>(row.getStalenessSum());
      updates += static_cast<double>(row.getUpdates());
    }
  return updates > 0 ? sum / updates : 0;
}

struct table_row {
  std::string seconds = "-";
  std::string loss = "-";
  std::string accuracy = "-";
  std::string utilisation = "-";
  std::string staleness = "-";
  std::string staleness_max = "-";
  std::string network = "-";

  static table_row of(const simulate_result& result) {
    auto summary = result.trained.summary.read();
    return {.seconds = duration(summary->getSeconds()),
            .loss = loss_text(summary->getTestLoss()),
            .accuracy = std::isnan(summary->getTestAccuracy()) ? "-" : percent(summary->getTestAccuracy()),
            .utilisation = percent(utilisation::of(result.measures).mean),
            .staleness = fixed(staleness_mean(*summary), 2),
            .staleness_max = std::to_string(staleness_observed(*summary)),
            .network = bytes_text(result.measures.traffic.bytes)};
  }
};

void print_row(std::ostream& out, const compared_run& run, std::optional<double> accuracy) {
  auto row = run.result ? table_row::of(*run.result) : table_row{};
  auto reached = accuracy ? seconds_to(run, *accuracy) : std::nullopt;
  auto mark = mark_of(run);
  out << left(run.consistency, name_columns) << right(row.seconds, 13) << right(reached ? duration(*reached) : "-", 13)
      << right(row.loss, 9) << right(row.accuracy, 10) << right(row.utilisation, 13) << right(row.staleness, 11)
      << right(row.staleness_max, 5) << right(row.network, 12) << (mark.empty() ? "" : "  " + mark) << '\n';
}

bool has_failed(const compared_run& run) {
  if (!run.result)
    return true;
  auto outcome = run.result->trained.summary.read()->getOutcome();
  return outcome == messages::Summary::Outcome::FAILED || outcome == messages::Summary::Outcome::DIVERGED;
}

} // namespace

std::vector<std::string> compared_consistencies(std::string_view list) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin <= list.size();) {
    auto end = std::min(list.find(',', begin), list.size());
    std::string name{list.substr(begin, end - begin)};
    auto same = std::ranges::find_if(result, [&name](const auto& other) { return are_same(name, other); });
    if (same != result.end())
      throw std::invalid_argument("--compare names " + name + " twice" + (*same == name ? "" : ", once as " + *same));
    result.push_back(std::move(name));
    begin = end + 1;
  }
  if (result.size() < 2)
    throw std::invalid_argument("--compare is " + std::string{list} +
                                ": say at least two, with commas between them: bsp,ssp:2,asp");
  return result;
}

job with_consistency(const job& what, const std::string& consistency) {
  job result{what};
  result->setConsistency(consistency);
  return resolve(result);
}

compared_run run_under(const job& what, const std::string& consistency, const sim::cluster& on,
                       simulate_options options) {
  std::vector<quality_point> test;
  std::vector<quality_point> training;
  auto inner = std::move(options.on_progress);
  options.on_progress = [&](messages::Progress::Reader progress) {
    if (progress.getTest().isResult()) {
      auto result = progress.getTest().getResult();
      test.push_back({progress.getSeconds(), result.getLoss(), result.getAccuracy()});
    } else {
      // Not beside a test: there may be few samples since the report before, or none.
      training.push_back({progress.getSeconds(), progress.getLoss(), progress.getAccuracy()});
    }
    if (inner)
      inner(progress);
  };
  std::optional<simulate_result> result;
  std::string failure;
  try {
    result = simulate(with_consistency(what, consistency), on, std::move(options));
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& problem) {
    failure = problem.what();
  }
  return {consistency, std::move(result), std::move(failure), std::move(test), std::move(training)};
}

std::string mark_of(const compared_run& run) {
  using ending = messages::Summary::Outcome;
  if (!run.result)
    return "failed";
  auto summary = run.result->trained.summary.read();
  switch (summary->getOutcome()) {
  case ending::COMPLETED:
    return complaint(*summary, "") ? "bound broken" : "";
  case ending::STOPPED:
    return "stopped";
  case ending::DIVERGED:
    return "diverged";
  case ending::FAILED:
    break;
  }
  return "failed";
}

bool have_classes(std::span<const compared_run> runs) {
  auto has_none = [](const quality_point& point) { return std::isnan(point.accuracy); };
  auto is_without = [&](const compared_run& run) {
    return std::ranges::all_of(run.test, has_none) && std::ranges::all_of(run.training, has_none);
  };
  auto has_points = [](const compared_run& run) { return !run.test.empty() || !run.training.empty(); };
  return std::ranges::none_of(runs, has_points) || !std::ranges::all_of(runs, is_without);
}

std::optional<double> common_accuracy(const std::vector<compared_run>& runs) {
  std::optional<double> result;
  for (const auto& run : runs) {
    if (has_failed(run))
      continue;
    if (run.test.empty() || !have_classes({&run, 1}))
      return std::nullopt;
    auto best = std::ranges::max(run.test, {}, &quality_point::accuracy).accuracy;
    result = std::min(result.value_or(best), best);
  }
  return result;
}

std::optional<double> seconds_to(const compared_run& run, double accuracy) {
  auto found = std::ranges::find_if(run.test, [accuracy](const auto& one) { return one.accuracy >= accuracy; });
  return found == run.test.end() ? std::nullopt : std::optional{found->seconds};
}

void print_comparison(std::ostream& out, const std::vector<compared_run>& runs) {
  auto accuracy = common_accuracy(runs);
  out << '\n'
      << left("consistency", name_columns) << right("virtual time", 13)
      << right(accuracy ? "to " + percent(*accuracy) : "to -", 13) << right("loss", 9) << right("accuracy", 10)
      << right("utilisation", 13) << right("staleness", 11) << right("max", 5) << right("network", 12) << '\n';
  for (const auto& run : runs)
    print_row(out, run, accuracy);
  out << std::flush;
}

} // namespace drover::cli

#include "drover/actors/cli/staleness_table.hpp"

#include "drover/actors/cli/format.hpp"

#include <algorithm>
#include <cmath>

namespace drover::cli {

namespace {

constexpr std::size_t histogram_columns = 24;

std::string bound_text(messages::Summary::Reader summary) {
  auto bound = staleness_promised(summary);
  return bound ? std::to_string(*bound) : "none";
}

double mean(messages::WorkerStaleness::Reader row) {
  return row.getUpdates() == 0 ? 0 : static_cast<double>(row.getStalenessSum()) / static_cast<double>(row.getUpdates());
}

std::string histogram(messages::WorkerStaleness::Reader row) {
  std::vector<std::uint64_t> counts;
  for (auto count : row.getCounts())
    counts.push_back(count);
  while (!counts.empty() && counts.back() == 0)
    counts.pop_back();
  if (counts.empty())
    return "";
  auto last = std::to_string(counts.size() - 1) + (row.getStalenessMax() >= counts.size() ? "+" : "");
  return "0 " + sparkline(counts, histogram_columns) + " " + last;
}

void print_row(std::ostream& out, std::uint32_t shard, messages::WorkerStaleness::Reader row,
               const std::string& bound) {
  out << right(std::to_string(shard), 5) << right(std::to_string(row.getWorker()), 8)
      << right(std::to_string(row.getUpdates()), 11) << right(fixed(mean(row), 2), 8)
      << right(std::to_string(row.getStalenessMax()), 6) << right(bound, 7) << "   " << histogram(row) << '\n';
}

} // namespace

std::uint64_t staleness_observed(messages::Summary::Reader summary) {
  std::uint64_t result = 0;
  for (auto shard : summary.getShards())
    for (auto row : shard.getWorkers())
      result = std::max(result, row.getStalenessMax());
  return result;
}

std::optional<std::uint64_t> staleness_promised(messages::Summary::Reader summary) {
  auto promised = summary.getStaleness();
  return promised.isBound() ? std::optional{promised.getBound()} : std::nullopt;
}

std::string sparkline(const std::vector<std::uint64_t>& counts, std::size_t columns) {
  static constexpr const char* bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  auto width = std::max<std::size_t>(1, (counts.size() + columns - 1) / columns);
  std::vector<std::uint64_t> groups((counts.size() + width - 1) / width);
  for (std::size_t i = 0; i < counts.size(); ++i)
    groups[i / width] += counts[i];
  std::uint64_t largest = 1;
  for (auto group : groups)
    largest = std::max(largest, group);
  std::string result;
  for (auto group : groups) {
    // What occurred once must not look as if it never did.
    auto height =
        static_cast<std::size_t>(std::lround(7.0 * static_cast<double>(group) / static_cast<double>(largest)));
    result += group == 0 ? " " : bars[std::min<std::size_t>(height, 7)];
  }
  return result;
}

void print_staleness(std::ostream& out, messages::Summary::Reader summary) {
  std::size_t rows = 0;
  for (auto shard : summary.getShards())
    rows += shard.getWorkers().size();
  if (rows == 0)
    return;
  out << "\nshard  worker    updates    mean   max  bound   updates by staleness\n";
  std::size_t shown = 0;
  for (auto shard : summary.getShards())
    for (auto row : shard.getWorkers())
      if (shown++ < staleness_rows_max)
        print_row(out, shard.getShard(), row, bound_text(summary));
  if (rows > staleness_rows_max)
    out << "  … and " << rows - staleness_rows_max << " rows more; --metrics has all of them\n";
}

} // namespace drover::cli

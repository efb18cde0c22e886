#include "drover/actors/core/stall_report.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>
#include <utility>
#include <vector>

namespace drover {

namespace {

// Members that a list names.
constexpr std::size_t listed_max = 8;

template <class Range>
std::string join(const char* one, const char* many, const Range& indices) {
  std::string list;
  std::size_t listed = 0;
  for (auto index : indices) {
    if (listed++ == listed_max)
      return many + (" " + list) + " and " + std::to_string(indices.size() - listed_max) + " more";
    list += (list.empty() ? "" : ", ") + std::to_string(index);
  }
  return (indices.size() == 1 ? one : many) + (" " + list);
}

std::vector<std::uint32_t> indices_of(const membership& workers) {
  std::vector<std::uint32_t> result;
  for (const auto& [worker, ignored] : workers.members())
    result.push_back(worker);
  return result;
}

std::string duration(double seconds) {
  char text[64];
  auto size = std::snprintf(text, sizeof text, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
  return {text, static_cast<std::size_t>(size)};
}

std::string describe_silent(const std::set<std::uint32_t>& silent) {
  return join("shard", "shards", silent) + (silent.size() == 1 ? " does not answer" : " do not answer");
}

using waiting_at = std::map<std::uint32_t, std::vector<std::uint32_t>>;

/// Who waits at a shard that does not answer it, by shard. Those whose pulls the shard says it keeps are not among
/// them.
waiting_at unanswered(const std::map<std::uint32_t, message<messages::ShardReport>>& reports, const membership& workers,
                      const progress_meter& meter) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> kept;
  for (const auto& [shard, report] : reports)
    for (auto wait : report.read()->getWaiting())
      kept.emplace(shard, wait.getWorker());
  waiting_at result;
  for (const auto& [worker, ignored] : workers.members())
    for (auto shard : meter.awaited_by(worker).named)
      if (!kept.contains({shard, worker}))
        result[shard].push_back(worker);
  return result;
}

/// Shards that a worker waits for and did not name.
std::size_t awaited_more(const membership& workers, const progress_meter& meter) {
  std::uint32_t result = 0;
  for (const auto& [worker, ignored] : workers.members())
    result = std::max(result, meter.awaited_by(worker).more);
  return result;
}

std::string describe(std::uint32_t shard, const std::vector<std::uint32_t>& workers) {
  return join("worker", "workers", workers) + (workers.size() == 1 ? " waits" : " wait") + " for shard " +
         std::to_string(shard) + " to answer";
}

std::string describe(std::uint32_t shard, messages::Wait::Reader wait) {
  auto more = wait.getWaitsForMore() == 0 ? "" : " and " + std::to_string(wait.getWaitsForMore()) + " more";
  return "worker " + std::to_string(wait.getWorker()) + " waits at shard " + std::to_string(shard) +
         " to read for step " + std::to_string(wait.getClock()) + " until " +
         join("worker", "workers", wait.getWaitsFor()) + more + " completed " + std::to_string(wait.getClockNeeded()) +
         " steps";
}

} // namespace

std::string describe_stall(double seconds, const std::map<std::uint32_t, message<messages::ShardReport>>& reports,
                           const std::set<std::uint32_t>& silent, const membership& workers,
                           const progress_meter& meter) {
  auto result = "nothing progressed for " + duration(seconds);
  std::string separator = ": ";
  auto add = [&result, &separator](const std::string& what) {
    result += separator + what;
    separator = "; ";
  };
  if (!silent.empty())
    add(describe_silent(silent));
  auto waiting = false;
  for (const auto& [shard, report] : reports) {
    auto view = report.read();
    for (auto wait : view->getWaiting()) {
      add(describe(shard, wait));
      waiting = true;
    }
    if (view->getWaitingMore() > 0)
      add(std::to_string(view->getWaitingMore()) + " more pulls wait at shard " + std::to_string(shard));
  }
  auto owing = unanswered(reports, workers, meter);
  std::size_t described = 0;
  for (const auto& [shard, waiting_here] : owing)
    if (described++ < listed_max)
      add(describe(shard, waiting_here));
  if (auto more = std::max(owing.size(), listed_max) - listed_max + awaited_more(workers, meter); more > 0)
    add(std::to_string(more) + (more == 1 ? " more shard keeps" : " more shards keep") + " workers waiting");
  if (workers.empty())
    add("every worker was lost, and none came back: " + join("worker", "workers", meter.lost()));
  else if (silent.empty() && !waiting && owing.empty())
    add("no shard keeps anybody waiting, and nothing comes from " + join("worker", "workers", indices_of(workers)));
  return result;
}

std::string describe_silence(double seconds, const std::set<std::uint32_t>& silent, bool testing) {
  auto result = "the job does not come to its end, nothing was heard for " + duration(seconds) + ": ";
  if (!silent.empty())
    result += describe_silent(silent);
  if (testing)
    result += (silent.empty() ? "" : "; ") + std::string{"the test of the last parameters goes on and on"};
  return result;
}

} // namespace drover

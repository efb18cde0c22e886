#include "drover/actors/core/stall_report.hpp"

#include <cstddef>
#include <cstdio>
#include <vector>

namespace drover {

namespace {

template <class Range>
std::string join(const char* one, const char* many, const Range& indices) {
  std::string list;
  for (auto index : indices)
    list += (list.empty() ? "" : ", ") + std::to_string(index);
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

std::string describe(std::uint32_t shard, messages::Wait::Reader wait) {
  auto more = wait.getWaitsForMore() == 0 ? "" : " and " + std::to_string(wait.getWaitsForMore()) + " more";
  return "worker " + std::to_string(wait.getWorker()) + " waits at shard " + std::to_string(shard) +
         " to read for step " + std::to_string(wait.getClock()) + " until " +
         join("worker", "workers", wait.getWaitsFor()) + more + " completed " + std::to_string(wait.getClockNeeded()) +
         " steps";
}

} // namespace

std::string describe_stall(double seconds, const std::map<std::uint32_t, message<messages::ShardReport>>& reports,
                           const std::set<std::uint32_t>& silent, const membership& workers) {
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
  if (workers.empty())
    add("every worker was lost, and none came back");
  else if (silent.empty() && !waiting)
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

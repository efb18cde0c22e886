#include "drover/actors/core/parked_pulls.hpp"

#include "drover/actors/core/protocol_error.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace drover {

namespace {

// Pulls, and workers a pull waits for, that a report names.
constexpr std::size_t named_max = 8;

} // namespace

std::pair<parked_pulls::iterator, parked_pulls::iterator> parked_pulls::range_of(std::uint32_t worker) {
  auto first = pulls_.lower_bound({worker, 0});
  auto last = first;
  while (last != pulls_.end() && last->first.worker == worker)
    ++last;
  return {first, last};
}

void parked_pulls::park(const pull_request& pull) {
  if (pulls_.contains(pull))
    return;
  auto [first, last] = range_of(pull.worker);
  if (static_cast<std::size_t>(std::distance(first, last)) >= per_worker_max)
    throw protocol_error("worker " + std::to_string(pull.worker) + " has more pulls under way than " +
                         std::to_string(per_worker_max));
  pulls_.emplace(pull, parked_ever_++);
}

std::vector<pull_request> parked_pulls::release(iterator first, iterator last, const permission& may_read) {
  std::vector<std::pair<order, pull_request>> released;
  while (first != last)
    if (may_read(first->first)) {
      released.emplace_back(first->second, first->first);
      first = pulls_.erase(first);
    } else {
      ++first;
    }
  std::ranges::sort(released);
  std::vector<pull_request> result;
  result.reserve(released.size());
  for (const auto& [came, pull] : released)
    result.push_back(pull);
  return result;
}

std::vector<pull_request> parked_pulls::release(const permission& may_read) {
  return release(pulls_.begin(), pulls_.end(), may_read);
}

std::vector<pull_request> parked_pulls::release_of(std::uint32_t worker, const permission& may_read) {
  auto [first, last] = range_of(worker);
  return release(first, last, may_read);
}

void parked_pulls::forget(std::uint32_t worker) {
  auto [first, last] = range_of(worker);
  pulls_.erase(first, last);
}

void parked_pulls::forget_departed(const clock_table& clocks) {
  std::erase_if(pulls_, [&clocks](const auto& parked) { return !clocks.has(parked.first.worker); });
}

void parked_pulls::describe(messages::ShardReport::Builder report, const consistency& rule,
                            const clock_table& clocks) const {
  auto listed = std::min(pulls_.size(), named_max);
  auto list = report.initWaiting(static_cast<unsigned>(listed));
  report.setWaitingMore(static_cast<std::uint32_t>(pulls_.size() - listed));
  auto next = pulls_.begin();
  for (unsigned i = 0; i < listed; ++i, ++next) {
    const auto& pull = next->first;
    auto needed = rule.clock_needed(pull.clock);
    auto behind = clocks.behind(needed);
    if (behind.empty()) // for its own last push
      behind.push_back(pull.worker);
    auto named = std::min(behind.size(), named_max);
    list[i].setWorker(pull.worker);
    list[i].setClock(pull.clock);
    list[i].setClockNeeded(needed);
    list[i].setWaitsFor({behind.data(), named});
    list[i].setWaitsForMore(static_cast<std::uint32_t>(behind.size() - named));
  }
}

} // namespace drover

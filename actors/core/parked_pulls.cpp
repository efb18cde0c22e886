#include "drover/actors/core/parked_pulls.hpp"

#include "drover/actors/core/protocol_error.hpp"

#include <algorithm>
#include <string>

namespace drover {

void parked_pulls::park(const pull_request& pull) {
  if (std::ranges::find(pulls_, pull) != pulls_.end())
    return;
  auto already = std::ranges::count(pulls_, pull.worker, &pull_request::worker);
  if (static_cast<std::size_t>(already) >= per_worker_max)
    throw protocol_error("worker " + std::to_string(pull.worker) + " has more pulls under way than " +
                         std::to_string(per_worker_max));
  ++parked_ever_;
  pulls_.push_back(pull);
}

std::vector<pull_request> parked_pulls::release(const std::function<bool(const pull_request&)>& may_read) {
  auto waiting = std::stable_partition(pulls_.begin(), pulls_.end(), may_read);
  std::vector<pull_request> result{pulls_.begin(), waiting};
  pulls_.erase(pulls_.begin(), waiting);
  return result;
}

void parked_pulls::forget(std::uint32_t worker) {
  std::erase_if(pulls_, [worker](const pull_request& pull) { return pull.worker == worker; });
}

void parked_pulls::forget_departed(const clock_table& clocks) {
  std::erase_if(pulls_, [&clocks](const pull_request& pull) { return !clocks.has(pull.worker); });
}

void parked_pulls::describe(capnp::List<messages::Wait>::Builder list, const consistency& rule,
                            const clock_table& clocks) const {
  for (unsigned i = 0; i < pulls_.size(); ++i) {
    auto needed = rule.clock_needed(pulls_[i].clock);
    auto behind = clocks.behind(needed);
    if (behind.empty()) // for its own last push
      behind.push_back(pulls_[i].worker);
    list[i].setWorker(pulls_[i].worker);
    list[i].setClock(pulls_[i].clock);
    list[i].setClockNeeded(needed);
    list[i].setWaitsFor({behind.data(), behind.size()});
  }
}

} // namespace drover

#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_behavior.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

// Whom a node follows, and what it keeps for whoever comes when that one is gone.

namespace drover {

namespace {

// For members of a job that ended to notice that.
constexpr std::chrono::seconds end_notice_timeout{2};

} // namespace

// Where another trainer was followed, that one is gone without that this was noticed yet.
void node_state::follow_sender(const std::string& job) {
  auto& one = jobs.at(job);
  auto trainer = caf::actor_cast<caf::actor>(self->current_sender());
  if (!trainer || trainer.address() == one.trainer)
    return;
  if (one.trainer)
    end_workers(one);
  one.trainer = trainer.address();
  watched.watch(self, trainer, [this, job, whom = one.trainer](const caf::error&) { lose_trainer(job, whom); });
}

void node_state::end_workers(hosted_job& of) {
  std::erase_if(of.members, [](const hosted_member& each) {
    if (!each.shard)
      caf::anon_send_exit(each.handle, caf::exit_reason::user_shutdown);
    return !each.shard;
  });
}

// One that ended its job has told its members so, if they do not know yet.
void node_state::lose_trainer(const std::string& job, const caf::actor_addr& whom) {
  auto found = jobs.find(job);
  if (found == jobs.end() || found->second.trainer != whom)
    return;
  auto& one = found->second;
  one.trainer = nullptr;
  one.places = nullptr;
  end_workers(one);
  if (one.members.empty() || options.keep_shards == std::chrono::seconds{0})
    return end(job);
  one.is_kept = true;
  one.kept_since = ++trainers_lost;
  for (const auto& each : one.members)
    compat::send(self, each.handle, keep_shard{});
  compat::delayed_send(self, node_actor{self}, options.keep_shards, forget_job{job, one.kept_since});
  compat::delayed_send(self, node_actor{self}, end_notice_timeout, refuse_drains{job, one.kept_since});
  drop_oldest_kept();
}

// A trainer that dies and is started anew again and again must not fill the memory.
void node_state::drop_oldest_kept() {
  constexpr std::ptrdiff_t kept_max = 4;
  if (std::ranges::count_if(jobs, [](const auto& one) { return one.second.is_kept; }) <= kept_max)
    return;
  auto oldest = std::ranges::min_element(jobs, {}, [](const auto& one) {
    return std::pair{!one.second.is_kept, one.second.kept_since}; // kept ones first
  });
  end(oldest->first);
}

caf::result<kept_shards> node_state::hand_over(const std::string& job) {
  auto found = jobs.find(job);
  if (found == jobs.end() || !found->second.is_kept)
    return refusal("it keeps no shards of job " + job + (found == jobs.end() ? "" : ": its trainer is there"));
  auto& one = found->second;
  one.is_kept = false;
  refuse_drains_for(job);
  follow_sender(job);
  kept_shards result{one.source, {}};
  for (const auto& each : one.members)
    result.shards.push_back({*each.shard, each.handle});
  return result;
}

} // namespace drover

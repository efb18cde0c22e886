#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/messages/job.capnp.h"

#include <cstdint>
#include <map>
#include <utility>

namespace drover::sim {

/// No worker has more pushes under way than its credits, and who leaves has got all of them back.
class credits_return : public checker {
public:
  explicit credits_return(messages::Job::Reader job) : credits_(job.getPushCredits()) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;

private:
  struct pushes {
    std::uint64_t joined = 0;
    std::uint64_t sent = 0;
    std::uint64_t returned = 0;
  };
  std::uint64_t credits_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, pushes> under_way_; ///< by worker and shard
};

} // namespace drover::sim

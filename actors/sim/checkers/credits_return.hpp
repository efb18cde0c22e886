#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/messages/job.capnp.h"

#include <cstdint>
#include <map>
#include <tuple>

namespace drover::sim {

/// No worker has more pushes under way than its credits, and who leaves has got all of them back.
class credits_return : public checker {
public:
  explicit credits_return(messages::Job::Reader job) : credits_(job.getPushCredits()) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;

private:
  struct pushes {
    std::uint64_t sent = 0;
    std::uint64_t returned = 0;
  };
  std::uint64_t credits_;
  /// By worker, life and shard: a process may go on with a life that ended when another took its place.
  std::map<std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>, pushes> under_way_;
};

} // namespace drover::sim

#include "drover/actors/core/slice_leases.hpp"

#include <iterator>
#include <utility>

namespace drover {

bool slice_leases::renew(std::uint64_t epoch) {
  auto was_leased = std::exchange(leased_, !lost_.empty());
  if (!was_leased && !leased_)
    return false;
  number_ = epoch;
  return true;
}

message<messages::LeaseSlices> slice_leases::lease_of(std::uint32_t worker, const membership& members) const {
  const auto& all = members.members();
  auto self = all.find(worker);
  message_builder<messages::LeaseSlices> lease;
  lease->setEpoch(self->second.joined);
  lease->setNumber(number_);
  lease->setPiece(static_cast<std::uint32_t>(std::distance(all.begin(), self)));
  lease->setPieces(static_cast<std::uint32_t>(all.size()));
  auto slices = lease->initSlices(static_cast<unsigned>(lost_.size()));
  unsigned i = 0;
  for (const auto& [lost, clock] : lost_) {
    slices[i].setWorker(lost);
    slices[i++].setFrom(clock);
  }
  return lease.finish();
}

} // namespace drover

#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// Distributed stochastic gradient descent (Gemulla et al. 2011), in the shards' memory. A step is a block of ratings;
// blocks of one step share neither a user nor an item, see stratum_order, so that none is stale for the others:
// together they are one version. The next step waits for all of them.
class dsgd final : public consistency {
public:
  std::uint64_t clock_needed(std::uint64_t clock) const override { return clock; }
  bool by_clock() const override { return true; }
  std::optional<std::uint64_t> staleness_bound(std::uint64_t, bool) const override { return 0; }
  bool in_place() const override { return true; }
};

} // namespace

std::unique_ptr<const consistency> make_dsgd() {
  return std::make_unique<dsgd>();
}

} // namespace drover

#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// NOMAD (Yun et al. 2014), in the shards' memory: columns of items travel between workers, and who has them changes
// them. Nobody waits for anybody, and nothing is stale: users stay with their worker, and columns with one at a time,
// see column_queue.
class nomad final : public consistency {
public:
  std::uint64_t clock_needed(std::uint64_t) const override { return 0; }
  bool by_clock() const override { return false; }
  std::optional<std::uint64_t> staleness_bound(std::uint64_t, bool) const override { return 0; }
  bool in_place() const override { return true; }
  bool by_columns() const override { return true; }
};

} // namespace

std::unique_ptr<const consistency> make_nomad() {
  return std::make_unique<nomad>();
}

} // namespace drover

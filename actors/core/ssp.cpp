#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// Stale synchronous parallel (Ho et al. 2013): step c reads only when every member has completed c - s steps.
class ssp final : public consistency {
public:
  explicit ssp(std::uint64_t slack) : slack_(slack) {}

  std::uint64_t clock_needed(std::uint64_t clock) const override { return clock > slack_ ? clock - slack_ : 0; }
  bool by_clock() const override { return false; }

  // A worker that reads for step c does so when every other has completed at least c - s steps. Until its push is
  // applied it has completed c, so nobody reads for a step beyond c + s, and the other completes at most c + s + 1: 2 s
  // + 1 updates from each of the others in between. With prefetch the worker's own last update may fall in between,
  // too.
  std::optional<std::uint64_t> staleness_bound(std::uint64_t workers, bool prefetch) const override {
    auto others = workers > 0 ? workers - 1 : 0;
    return (2 * slack_ + 1) * others + (prefetch ? 1 : 0);
  }

private:
  std::uint64_t slack_;
};

} // namespace

std::unique_ptr<const consistency> make_ssp(std::uint64_t slack) {
  return std::make_unique<ssp>(slack);
}

} // namespace drover

#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// Asynchronous parallel: nobody waits for anybody, and staleness has no bound (Recht et al. 2011; Dean et al. 2012).
class asp final : public consistency {
public:
  std::uint64_t clock_needed(std::uint64_t) const override { return 0; }
  bool by_clock() const override { return false; }
  std::optional<std::uint64_t> staleness_bound(std::uint64_t workers, bool prefetch) const override {
    // Alone there is nobody to be behind but oneself.
    if (workers <= 1)
      return prefetch ? 1 : 0;
    return std::nullopt;
  }
};

} // namespace

std::unique_ptr<const consistency> make_asp() {
  return std::make_unique<asp>();
}

} // namespace drover

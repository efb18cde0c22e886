#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// Bulk synchronous parallel: SSP with slack 0, and the pushes of a clock applied together (Ho 2013, section 2; Valiant
// 1990).
class bsp final : public consistency {
public:
  std::uint64_t clock_needed(std::uint64_t clock) const override { return clock; }
  bool by_clock() const override { return true; }
  std::optional<std::uint64_t> staleness_bound(std::uint64_t, bool) const override { return 0; }
};

} // namespace

std::unique_ptr<const consistency> make_bsp() {
  return std::make_unique<bsp>();
}

} // namespace drover

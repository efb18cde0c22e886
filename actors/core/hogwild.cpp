#include "drover/actors/core/consistency.hpp"

namespace drover {

namespace {

// Workers change the shards' memory themselves, without locks (Niu et al. 2011); nobody waits for anybody. Steps are
// counted as if they were pushes.
class hogwild final : public consistency {
public:
  std::uint64_t clock_needed(std::uint64_t) const override { return 0; }
  bool by_clock() const override { return false; }
  std::optional<std::uint64_t> staleness_bound(std::uint64_t workers, bool) const override {
    if (workers <= 1)
      return 0;
    return std::nullopt;
  }
  bool in_place() const override { return true; }
};

} // namespace

std::unique_ptr<const consistency> make_hogwild() {
  return std::make_unique<hogwild>();
}

} // namespace drover

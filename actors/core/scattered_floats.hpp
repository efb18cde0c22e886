#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Floats that lie in several places, as if they lay one after the other. `Float`: float or const float.
template <class Float>
class scattered_floats {
public:
  void add(std::span<Float> next) {
    places_.push_back(next);
    size_ += next.size();
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Calls `function(span)` for those from `first` on, `count` in all, in their order: once for what lies together.
  /// All of them have to be there.
  template <class Function>
  void visit(std::uint64_t first, std::uint64_t count, Function function) const {
    for (auto place : places_) {
      auto skipped = std::min<std::uint64_t>(first, place.size());
      first -= skipped;
      auto taken = std::min<std::uint64_t>(count, place.size() - skipped);
      count -= taken;
      if (taken > 0)
        function(place.subspan(skipped, taken));
      if (count == 0)
        return;
    }
  }

private:
  std::vector<std::span<Float>> places_;
  std::uint64_t size_ = 0;
};

} // namespace drover

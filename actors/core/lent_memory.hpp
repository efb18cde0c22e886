#pragma once

#include "drover/models/in_place.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace drover {

/// A block that its shard lends to workers of its process, to change it in place. Each float of it is read and written
/// by itself, see shared_float.hpp.
struct lent_place {
  std::uint32_t block = 0; ///< index into the layout
  float* values = nullptr;
  float* state = nullptr;           ///< of the update rule; null where it has none
  std::shared_ptr<void> owner = {}; ///< keeps both alive
};

/// Where shards leave what they lend and workers find it. From any thread.
class lent_memory {
public:
  /// Of a shard that begins; takes the place of what was lent of the same blocks before.
  void lend(std::vector<lent_place> places) {
    std::lock_guard guard{mutex_};
    for (auto& place : places) {
      places_.resize(std::max<std::size_t>(places_.size(), place.block + std::size_t{1}));
      places_[place.block] = std::move(place);
    }
  }

  /// By block. Complete when every shard has answered a pull.
  [[nodiscard]] std::vector<lent_place> places() const {
    std::lock_guard guard{mutex_};
    return places_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<lent_place> places_;
};

} // namespace drover

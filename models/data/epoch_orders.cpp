#include "drover/models/data/epoch_orders.hpp"

#include "drover/models/random.hpp"

#include <numeric>
#include <utility>

namespace drover {

epoch_orders::order epoch_orders::of(std::uint64_t epoch) {
  // Held while it is drawn: who else comes to this epoch needs the very same.
  std::lock_guard guard{mutex_};
  if (auto known = drawn_[epoch].lock())
    return known;
  std::erase_if(drawn_, [](const auto& one) { return one.second.expired(); });
  auto drawn = draw(epoch);
  drawn_[epoch] = drawn;
  return drawn;
}

epoch_orders::order epoch_orders::draw(std::uint64_t epoch) const {
  // From the start each time, so that an epoch's order does not depend on which epochs were read before.
  std::vector<std::uint32_t> result(samples_);
  std::iota(result.begin(), result.end(), 0u);
  permute(result, random_bits::key(seed_, "shuffle", epoch));
  return std::make_shared<const std::vector<std::uint32_t>>(std::move(result));
}

} // namespace drover

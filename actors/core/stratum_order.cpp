#include "drover/actors/core/stratum_order.hpp"

#include "drover/models/random.hpp"

#include <numeric>
#include <vector>

namespace drover {

block_turn stratum_order::at(std::uint32_t worker, std::uint64_t step) const {
  auto epoch = step / workers_;
  std::vector<std::uint32_t> shifts(workers_);
  std::iota(shifts.begin(), shifts.end(), 0u);
  permute(shifts, random_bits::key(seed_, "strata", epoch));
  return {(worker + shifts[step % workers_]) % workers_, epoch, step};
}

} // namespace drover

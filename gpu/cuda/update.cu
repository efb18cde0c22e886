#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/cuda/launch.hpp"

namespace drover::gpu::cuda {

namespace {

// One pass over a block, whatever the rule: each value is read once and written once.
template <class Rule>
__global__ void update_kernel(Rule rule, const float* before, const float* gradient, float* after, float* state,
                              std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x) {
    if constexpr (Rule::slots == 0)
      after[i] = rule(before[i], gradient[i]);
    else if constexpr (Rule::slots == 1)
      after[i] = rule(before[i], gradient[i], state[i]);
    else
      after[i] = rule(before[i], gradient[i], state[i], state[size + i]);
  }
}

} // namespace

void update(cudaStream_t order, const update_arguments& with) {
  auto size = with.before.size();
  std::visit(
      [&](const auto& rule) {
        update_kernel<<<blocks_for(size), threads_per_block, 0, order>>>(rule, with.before.data(), with.gradient.data(),
                                                                         with.after.data(), with.state.data(), size);
      },
      with.rule);
  check_launch("update");
}

} // namespace drover::gpu::cuda

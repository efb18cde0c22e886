#pragma once

#include "drover/gpu/devices.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace drover::gpu::test {

/// Host values that an operation is to work on, on a device of its own memory: copied there, and back by `fetch`.
class there {
public:
  there(device& on, stream& order, std::span<const float> values)
      : on_(on), order_(order), memory_(on.allocate(values.size())) {
    on_.copy(order_, values, memory_.span());
    order_.synchronize();
  }
  [[nodiscard]] std::span<float> span() { return memory_.span(); }
  [[nodiscard]] std::vector<float> fetch() {
    std::vector<float> result(memory_.size());
    on_.copy(order_, memory_.span(), result);
    order_.synchronize();
    return result;
  }

private:
  device& on_;
  stream& order_;
  buffer memory_;
};

/// The CPU, which is the reference, and the first GPU.
struct both {
  explicit both(const device_options& options = {}) : gpu(make_device("cuda", options)) {}
  std::unique_ptr<device> cpu = make_cpu_device();
  std::unique_ptr<device> gpu;
  std::unique_ptr<stream> cpu_order = cpu->make_stream();
  std::unique_ptr<stream> gpu_order = gpu->make_stream();

  [[nodiscard]] there on_gpu(std::span<const float> values) { return {*gpu, *gpu_order, values}; }
};

} // namespace drover::gpu::test

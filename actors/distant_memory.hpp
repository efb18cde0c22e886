#pragma once

#include "drover/gpu/device.hpp"
#include "drover/models/batch.hpp"
#include "drover/models/parameters.hpp"

#include <span>
#include <vector>

namespace drover {

/// What a worker computes with, in the memory of a device that does not read the host's: copies of the parameters and
/// of a batch, and the gradient. One thread.
class distant_memory {
public:
  /// Device, stream and layout outlive it. Throws gpu::error where the device has no room.
  distant_memory(gpu::device& device, gpu::stream& order, const parameter_layout& layout);

  struct view {
    batch samples; ///< its labels stay with the host
    const_parameters parameters;
    mutable_parameters gradient;
  };
  /// Enqueues the copies; what they are of must stay until the stream is synchronized. Valid until the next call.
  [[nodiscard]] view bring(const batch& samples, const_parameters parameters);

  /// The whole gradient; 0 between its blocks.
  [[nodiscard]] std::span<float> gradient() { return gradient_.span(); }
  /// Copies it to host memory of the same size, and waits for that.
  void fetch(std::span<float> to);

private:
  gpu::device& device_;
  gpu::stream& order_;
  const parameter_layout& layout_;
  gpu::buffer parameters_;
  gpu::buffer gradient_;
  gpu::buffer features_;
  std::vector<float*> parameter_blocks_;
  std::vector<const float*> read_blocks_; ///< the same
  std::vector<float*> gradient_blocks_;
};

} // namespace drover

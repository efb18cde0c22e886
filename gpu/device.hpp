#pragma once

#include "drover/gpu/buffer.hpp"
#include "drover/gpu/error.hpp"
#include "drover/gpu/operations.hpp"
#include "drover/gpu/stream.hpp"
#include "drover/gpu/update/element_update.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace drover::gpu {

/// after = rule(before, gradient, state), element by element: no element depends on another, so that the result is the
/// same bits wherever the range is cut, whatever the vector width.
struct update_arguments {
  element_update rule;
  std::span<const float> before;
  std::span<const float> gradient;
  std::span<float> after; ///< is `before` or does not overlap it
  std::span<float> state; ///< state_slots(rule) consecutive ranges of that size
};

/// Where arithmetic runs. One thread at a time uses a device and its streams; each thread that computes has its own.
///
/// Element-wise operations on parameters and their state (accumulate, scale, compensate, update) may take denormal
/// numbers for 0.
///
/// Operations are enqueued on a stream and may still run when the call returns: memory that they name must live until
/// stream.synchronize(). Shapes are checked in the call: one that does not fit throws `error` before anything is
/// enqueued.
///
/// Spans are memory that the device can reach: for the CPU all memory, for a GPU what was allocated by way of it. Who
/// calls sees to that. Workers copy what a GPU needs; shards, which keep their parameters in host memory, refuse a
/// device that does not read that.
class device {
public:
  device() = default;
  device(const device&) = delete;
  device& operator=(const device&) = delete;
  virtual ~device() = default;

  /// One line for people: kind, instruction set or name.
  [[nodiscard]] virtual std::string description() const = 0;
  /// Whether operations take spans of host memory, other than `copy`, which always does.
  [[nodiscard]] virtual bool reads_host_memory() const = 0;
  [[nodiscard]] virtual std::unique_ptr<stream> make_stream() = 0;

  /// Throws `error` where there is no more memory.
  [[nodiscard]] buffer allocate(std::size_t floats);

  /// to = from, of one size, not overlapping; either may be host memory.
  void copy(stream& order, std::span<const float> from, std::span<float> to);
  void fill(stream& order, std::span<float> values, float value);
  /// sum += addend
  void accumulate(stream& order, std::span<const float> addend, std::span<float> sum);
  /// values *= factor
  void scale(stream& order, std::span<float> values, float factor);
  /// *result = sum of squares; the same bits for the same values whatever the vector width. Host memory, valid after
  /// order.synchronize().
  void squared_norm(stream& order, std::span<const float> values, double* result);

  void gemm(stream& order, const gemm_arguments& arguments);
  void bias_activation(stream& order, const bias_activation_arguments& arguments);
  void activation_backward(stream& order, const activation_backward_arguments& arguments);
  void softmax_cross_entropy(stream& order, const cross_entropy_arguments& arguments);
  void compensate(stream& order, const compensation_arguments& arguments);
  void compensate(stream& order, const adaptive_compensation_arguments& arguments);
  void update(stream& order, const update_arguments& arguments);

private:
  friend class buffer;

  // What a backend supplies; arguments have been checked.
  virtual float* do_allocate(std::size_t floats) = 0;
  virtual void do_release(float* data) noexcept = 0;
  virtual void do_copy(stream& order, std::span<const float> from, std::span<float> to) = 0;
  virtual void do_fill(stream& order, std::span<float> values, float value) = 0;
  virtual void do_accumulate(stream& order, std::span<const float> addend, std::span<float> sum) = 0;
  virtual void do_scale(stream& order, std::span<float> values, float factor) = 0;
  virtual void do_squared_norm(stream& order, std::span<const float> values, double* result) = 0;
  virtual void do_gemm(stream& order, const gemm_arguments& arguments) = 0;
  virtual void do_bias_activation(stream& order, const bias_activation_arguments& arguments) = 0;
  virtual void do_activation_backward(stream& order, const activation_backward_arguments& arguments) = 0;
  virtual void do_softmax_cross_entropy(stream& order, const cross_entropy_arguments& arguments) = 0;
  virtual void do_compensate(stream& order, const compensation_arguments& arguments) = 0;
  virtual void do_compensate_adaptively(stream& order, const adaptive_compensation_arguments& arguments) = 0;
  virtual void do_update(stream& order, const update_arguments& arguments) = 0;
};

/// Throws std::logic_error, a sentence about `who`, for a device that does not read host memory.
void demand_host_memory(const device& computes, std::string_view who);

/// The processor, always there: does each operation at once, in the calling thread alone. Devices in several threads
/// work side by side.
[[nodiscard]] std::unique_ptr<device> make_cpu_device();

} // namespace drover::gpu

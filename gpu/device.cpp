#include "drover/gpu/device.hpp"

#include <limits>
#include <stdexcept>
#include <string_view>

namespace drover::gpu {

namespace {

[[noreturn]] void refuse(std::string_view operation, std::string_view name, std::size_t size, std::size_t wanted) {
  throw error(std::string(operation) + ": " + std::string(name) + " has " + std::to_string(size) + " floats, needs " +
              std::to_string(wanted));
}

void check_size(std::string_view operation, std::string_view name, std::size_t size, std::size_t wanted) {
  if (size != wanted)
    refuse(operation, name, size, wanted);
}

/// Floats from the first to the last element of a matrix whose rows start every `stride` floats.
void check_matrix(std::string_view name, std::size_t size, std::size_t rows, std::size_t columns, std::size_t stride) {
  if (stride < columns)
    throw error("gemm: " + std::string(name) + " has rows of " + std::to_string(columns) + " floats every " +
                std::to_string(stride) + " floats: they overlap");
  auto needed = rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns;
  if (size < needed)
    refuse("gemm", name, size, needed);
}

} // namespace

buffer::~buffer() {
  if (owner_ != nullptr)
    owner_->do_release(data_);
}

buffer device::allocate(std::size_t floats) {
  if (floats == 0)
    return {};
  if (floats > std::numeric_limits<std::size_t>::max() / sizeof(float) / 2)
    throw error("allocate: " + std::to_string(floats) + " floats are more than memory can address");
  return {*this, do_allocate(floats), floats};
}

void demand_host_memory(const device& computes, std::string_view who) {
  if (!computes.reads_host_memory())
    throw std::logic_error(std::string{who} + " computes in host memory, which " + computes.description() +
                           " does not read: only the CPU can be used yet");
}

void device::copy(stream& order, std::span<const float> from, std::span<float> to) {
  check_size("copy", "the target", to.size(), from.size());
  do_copy(order, from, to);
}

void device::fill(stream& order, std::span<float> values, float value) {
  do_fill(order, values, value);
}

void device::accumulate(stream& order, std::span<const float> addend, std::span<float> sum) {
  check_size("accumulate", "the sum", sum.size(), addend.size());
  do_accumulate(order, addend, sum);
}

void device::scale(stream& order, std::span<float> values, float factor) {
  do_scale(order, values, factor);
}

void device::squared_norm(stream& order, std::span<const float> values, double* result) {
  do_squared_norm(order, values, result);
}

void device::gemm(stream& order, const gemm_arguments& arguments) {
  const auto& [rows, columns, inner, transpose_a, transpose_b, alpha, beta, a, a_stride, b, b_stride, c, c_stride] =
      arguments;
  check_matrix("a", a.size(), transpose_a ? inner : rows, transpose_a ? rows : inner, a_stride);
  check_matrix("b", b.size(), transpose_b ? columns : inner, transpose_b ? inner : columns, b_stride);
  check_matrix("c", c.size(), rows, columns, c_stride);
  do_gemm(order, arguments);
}

void device::bias_activation(stream& order, const bias_activation_arguments& arguments) {
  auto size = arguments.rows * arguments.columns;
  check_size("bias_activation", "values", arguments.values.size(), size);
  check_size("bias_activation", "bias", arguments.bias.size(), arguments.columns);
  if (!arguments.kept_inputs.empty())
    check_size("bias_activation", "kept_inputs", arguments.kept_inputs.size(), size);
  do_bias_activation(order, arguments);
}

void device::activation_backward(stream& order, const activation_backward_arguments& arguments) {
  auto size = arguments.rows * arguments.columns;
  check_size("activation_backward", "gradient", arguments.gradient.size(), size);
  check_size("activation_backward", "bias_gradient", arguments.bias_gradient.size(), arguments.columns);
  if (needs_input(arguments.function))
    check_size("activation_backward", "kept_inputs", arguments.kept_inputs.size(), size);
  else if (arguments.function != activation::identity)
    check_size("activation_backward", "outputs", arguments.outputs.size(), size);
  do_activation_backward(order, arguments);
}

void device::softmax_cross_entropy(stream& order, const cross_entropy_arguments& arguments) {
  auto size = arguments.rows * arguments.columns;
  check_size("softmax_cross_entropy", "logits", arguments.logits.size(), size);
  if (!arguments.gradient.empty())
    check_size("softmax_cross_entropy", "gradient", arguments.gradient.size(), size);
  if (arguments.labels.size() != arguments.rows)
    throw error("softmax_cross_entropy: " + std::to_string(arguments.labels.size()) + " labels for " +
                std::to_string(arguments.rows) + " rows");
  for (auto label : arguments.labels)
    if (label >= arguments.columns)
      throw error("softmax_cross_entropy: label " + std::to_string(label) + " is not below " +
                  std::to_string(arguments.columns) + ", the number of classes");
  if (arguments.result == nullptr)
    throw error("softmax_cross_entropy: there is nowhere to put the result");
  do_softmax_cross_entropy(order, arguments);
}

void device::compensate(stream& order, const compensation_arguments& arguments) {
  auto size = arguments.gradient.size();
  check_size("compensate", "weights", arguments.weights.size(), size);
  check_size("compensate", "backup", arguments.backup.size(), size);
  check_size("compensate", "compensated", arguments.compensated.size(), size);
  do_compensate(order, arguments);
}

void device::compensate(stream& order, const adaptive_compensation_arguments& arguments) {
  auto size = arguments.gradient.size();
  check_size("compensate", "weights", arguments.weights.size(), size);
  check_size("compensate", "backup", arguments.backup.size(), size);
  check_size("compensate", "mean_square", arguments.mean_square.size(), size);
  check_size("compensate", "compensated", arguments.compensated.size(), size);
  do_compensate_adaptively(order, arguments);
}

void device::update(stream& order, const update_arguments& arguments) {
  auto size = arguments.before.size();
  check_size("update", "gradient", arguments.gradient.size(), size);
  check_size("update", "after", arguments.after.size(), size);
  check_size("update", "state", arguments.state.size(), size * state_slots(arguments.rule));
  do_update(order, arguments);
}

} // namespace drover::gpu

#pragma once

#include "drover/gpu/device.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace drover::test {

/// The CPU's arithmetic in memory of its own, as a GPU has it: an operation on memory that was not allocated here is
/// refused, but for copies.
class apart_device final : public gpu::device {
public:
  std::string description() const override { return "a device apart"; }
  bool reads_host_memory() const override { return false; }
  std::unique_ptr<gpu::stream> make_stream() override { return cpu_->make_stream(); }

private:
  template <class Float>
  void check(std::span<Float> values) const {
    if (values.empty())
      return;
    auto* first = const_cast<float*>(values.data());
    auto found = buffers_.upper_bound(first);
    if (found == buffers_.begin() || first + values.size() > (--found)->first + found->second.size())
      throw std::logic_error("a device apart was given host memory");
  }
  template <class... Spans>
  void check_all(Spans... spans) const {
    (check(spans), ...);
  }

  float* do_allocate(std::size_t floats) override {
    auto made = cpu_->allocate(floats);
    auto* where = made.span().data();
    buffers_.emplace(where, std::move(made));
    return where;
  }
  void do_release(float* data) noexcept override { buffers_.erase(data); }
  void do_copy(gpu::stream& order, std::span<const float> from, std::span<float> to) override {
    cpu_->copy(order, from, to);
  }
  void do_fill(gpu::stream& order, std::span<float> values, float value) override {
    check(values);
    cpu_->fill(order, values, value);
  }
  void do_accumulate(gpu::stream& order, std::span<const float> addend, std::span<float> sum) override {
    check_all(addend, sum);
    cpu_->accumulate(order, addend, sum);
  }
  void do_scale(gpu::stream& order, std::span<float> values, float factor) override {
    check(values);
    cpu_->scale(order, values, factor);
  }
  void do_squared_norm(gpu::stream& order, std::span<const float> values, double* result) override {
    check(values);
    cpu_->squared_norm(order, values, result);
  }
  void do_gemm(gpu::stream& order, const gpu::gemm_arguments& with) override {
    check_all(with.a, with.b, with.c);
    cpu_->gemm(order, with);
  }
  void do_bias_activation(gpu::stream& order, const gpu::bias_activation_arguments& with) override {
    check_all(with.values, with.bias, with.kept_inputs);
    cpu_->bias_activation(order, with);
  }
  void do_activation_backward(gpu::stream& order, const gpu::activation_backward_arguments& with) override {
    check_all(with.outputs, with.kept_inputs, with.gradient, with.bias_gradient);
    cpu_->activation_backward(order, with);
  }
  void do_softmax_cross_entropy(gpu::stream& order, const gpu::cross_entropy_arguments& with) override {
    check_all(with.logits, with.gradient);
    cpu_->softmax_cross_entropy(order, with);
  }
  void do_compensate(gpu::stream& order, const gpu::compensation_arguments& with) override {
    check_all(with.gradient, with.weights, with.backup, with.compensated);
    cpu_->compensate(order, with);
  }
  void do_compensate_adaptively(gpu::stream& order, const gpu::adaptive_compensation_arguments& with) override {
    check_all(with.gradient, with.weights, with.backup, with.mean_square, with.compensated);
    cpu_->compensate(order, with);
  }
  void do_update(gpu::stream& order, const gpu::update_arguments& with) override {
    check_all(with.before, with.gradient, with.after, with.state);
    cpu_->update(order, with);
  }

  std::unique_ptr<gpu::device> cpu_ = gpu::make_cpu_device();
  std::map<float*, gpu::buffer, std::less<>> buffers_;
};

} // namespace drover::test

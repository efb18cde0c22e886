#pragma once

#include "drover/gpu/device.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace drover::test {

/// A device that does not read host memory, and can do nothing else either.
class distant_device final : public gpu::device {
public:
  std::string description() const override { return "a distant device"; }
  bool reads_host_memory() const override { return false; }
  std::unique_ptr<gpu::stream> make_stream() override {
    struct idle final : gpu::stream {
      void synchronize() override {}
    };
    return std::make_unique<idle>();
  }

private:
  [[noreturn]] static void refuse() { throw std::logic_error("a distant device was asked to compute"); }
  float* do_allocate(std::size_t) override { refuse(); }
  void do_release(float*) noexcept override {}
  void do_copy(gpu::stream&, std::span<const float>, std::span<float>) override { refuse(); }
  void do_fill(gpu::stream&, std::span<float>, float) override { refuse(); }
  void do_accumulate(gpu::stream&, std::span<const float>, std::span<float>) override { refuse(); }
  void do_scale(gpu::stream&, std::span<float>, float) override { refuse(); }
  void do_squared_norm(gpu::stream&, std::span<const float>, double*) override { refuse(); }
  void do_gemm(gpu::stream&, const gpu::gemm_arguments&) override { refuse(); }
  void do_bias_activation(gpu::stream&, const gpu::bias_activation_arguments&) override { refuse(); }
  void do_activation_backward(gpu::stream&, const gpu::activation_backward_arguments&) override { refuse(); }
  void do_softmax_cross_entropy(gpu::stream&, const gpu::cross_entropy_arguments&) override { refuse(); }
  void do_compensate(gpu::stream&, const gpu::compensation_arguments&) override { refuse(); }
  void do_compensate_adaptively(gpu::stream&, const gpu::adaptive_compensation_arguments&) override { refuse(); }
  void do_update(gpu::stream&, const gpu::update_arguments&) override { refuse(); }
};

} // namespace drover::test

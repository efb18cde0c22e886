#include "drover/gpu/cpu/flush_denormals.hpp"
#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/device.hpp"

#include <algorithm>
#include <cstdlib>
#include <dnnl.h>
#include <new>
#include <vector>

namespace drover::gpu {

namespace {

/// Everything is done by the time a call returns.
class cpu_stream final : public stream {
public:
  void synchronize() override {}
};

std::string instruction_set() {
  switch (dnnl_get_effective_cpu_isa()) {
  case dnnl_cpu_isa_sse41:
    return "SSE4.1";
  case dnnl_cpu_isa_avx:
    return "AVX";
  case dnnl_cpu_isa_avx2:
    return "AVX2";
  case dnnl_cpu_isa_avx2_vnni:
    return "AVX2 with VNNI";
  case dnnl_cpu_isa_avx512_core:
    return "AVX-512";
  case dnnl_cpu_isa_avx512_core_vnni:
    return "AVX-512 with VNNI";
  case dnnl_cpu_isa_avx512_core_bf16:
    return "AVX-512 with BF16";
  case dnnl_cpu_isa_avx512_core_amx:
    return "AVX-512 with AMX";
  default:
    return "the baseline instruction set";
  }
}

class cpu_device final : public device {
public:
  std::string description() const override {
    const auto* version = dnnl_version();
    return "CPU, " + instruction_set() + ", oneDNN " + std::to_string(version->major) + "." +
           std::to_string(version->minor) + "." + std::to_string(version->patch);
  }
  bool reads_host_memory() const override { return true; }
  std::unique_ptr<stream> make_stream() override { return std::make_unique<cpu_stream>(); }

private:
  static constexpr std::size_t alignment_bytes = 64;

  float* do_allocate(std::size_t floats) override {
    auto bytes = (floats * sizeof(float) + alignment_bytes - 1) / alignment_bytes * alignment_bytes;
    auto* memory = std::aligned_alloc(alignment_bytes, bytes);
    if (memory == nullptr)
      throw error("allocate: no memory for " + std::to_string(floats) + " floats");
    return static_cast<float*>(memory);
  }
  void do_release(float* data) noexcept override { std::free(data); }

  void do_copy(stream&, std::span<const float> from, std::span<float> to) override {
    std::ranges::copy(from, to.begin());
  }
  void do_fill(stream&, std::span<float> values, float value) override { std::ranges::fill(values, value); }
  void do_accumulate(stream&, std::span<const float> addend, std::span<float> sum) override {
    cpu::flush_denormals scope;
    cpu::accumulate(addend.data(), sum.data(), sum.size());
  }
  void do_scale(stream&, std::span<float> values, float factor) override {
    cpu::flush_denormals scope;
    cpu::scale(values.data(), factor, values.size());
  }
  void do_squared_norm(stream&, std::span<const float> values, double* result) override {
    *result = cpu::squared_norm(values.data(), values.size());
  }

  void do_gemm(stream&, const gemm_arguments& with) override { cpu::gemm(with); }
  void do_bias_activation(stream&, const bias_activation_arguments& with) override {
    cpu::bias_activation(with.function, with.values.data(), with.bias.data(),
                         with.kept_inputs.empty() ? nullptr : with.kept_inputs.data(), with.rows, with.columns);
  }
  void do_activation_backward(stream&, const activation_backward_arguments& with) override {
    cpu::activation_backward(with.function, with.gradient.data(), with.outputs.data(), with.kept_inputs.data(),
                             with.bias_gradient.data(), with.rows, with.columns);
  }
  void do_softmax_cross_entropy(stream&, const cross_entropy_arguments& with) override {
    auto* gradient = with.gradient.data();
    if (with.gradient.empty()) {
      scratch_.resize(std::max(scratch_.size(), with.logits.size()));
      gradient = scratch_.data();
    }
    *with.result =
        cpu::softmax_cross_entropy(with.logits.data(), with.labels.data(), gradient, with.rows, with.columns);
  }

  void do_compensate(stream&, const compensation_arguments& with) override {
    cpu::flush_denormals scope;
    cpu::compensate(with.lambda, with.gradient.data(), with.weights.data(), with.backup.data(), with.compensated.data(),
                    with.gradient.size());
  }
  void do_compensate_adaptively(stream&, const adaptive_compensation_arguments& with) override {
    cpu::flush_denormals scope;
    cpu::compensate_adaptively(with.lambda, with.decay, with.gradient.data(), with.weights.data(), with.backup.data(),
                               with.mean_square.data(), with.compensated.data(), with.gradient.size());
  }

  /// Chooses the kernel for a rule.
  struct updater {
    const update_arguments& with;
    std::size_t size() const { return with.before.size(); }
    const float* before() const { return with.before.data(); }
    const float* gradient() const { return with.gradient.data(); }
    float* after() const { return with.after.data(); }
    float* state(std::size_t slot) const { return with.state.data() + slot * size(); }

    void operator()(const sgd_update& rule) const { cpu::update_sgd(rule, before(), gradient(), after(), size()); }
    void operator()(const momentum_update& rule) const {
      cpu::update_momentum(rule, before(), gradient(), after(), state(0), size());
    }
    void operator()(const nesterov_update& rule) const {
      cpu::update_nesterov(rule, before(), gradient(), after(), state(0), size());
    }
    void operator()(const adagrad_update& rule) const {
      cpu::update_adagrad(rule, before(), gradient(), after(), state(0), size());
    }
    void operator()(const rmsprop_update& rule) const {
      cpu::update_rmsprop(rule, before(), gradient(), after(), state(0), size());
    }
    void operator()(const adam_update& rule) const {
      cpu::update_adam(rule, before(), gradient(), after(), state(0), state(1), size());
    }
    void operator()(const adamw_update& rule) const {
      cpu::update_adamw(rule, before(), gradient(), after(), state(0), state(1), size());
    }
    void operator()(const ftrl_update& rule) const {
      cpu::update_ftrl(rule, before(), gradient(), after(), state(0), state(1), size());
    }
  };
  void do_update(stream&, const update_arguments& with) override {
    cpu::flush_denormals scope;
    std::visit(updater{with}, with.rule);
  }

  std::vector<float> scratch_;
};

} // namespace

std::unique_ptr<device> make_cpu_device() {
  return std::make_unique<cpu_device>();
}

} // namespace drover::gpu

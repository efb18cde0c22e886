#include "drover/gpu/cuda/cuda_device.hpp"

#include "drover/gpu/cuda/gemm.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/cuda/stream.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace drover::gpu::cuda {

namespace {

std::string mebibytes(std::size_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

class cuda_device final : public device {
public:
  cuda_device(int index, const device_options& options)
      : index_(index), name_("cuda:" + std::to_string(index)), memory_max_(options.memory_bytes_max) {
    use_device(index_);
    check(cudaGetDeviceProperties(&properties_, index_), "cudaGetDeviceProperties");
    pool_ = make_pool_handle(index_);
    memory_order_ = make_stream_handle();
    products_.emplace(options.inside);
  }

  std::string description() const override {
    return name_ + ", " + properties_.name + ", compute capability " + std::to_string(properties_.major) + "." +
           std::to_string(properties_.minor) + ", " + mebibytes(properties_.totalGlobalMem);
  }
  bool reads_host_memory() const override { return false; }
  std::unique_ptr<stream> make_stream() override { return std::make_unique<cuda_stream>(index_, pool_.get()); }

private:
  float* do_allocate(std::size_t floats) override {
    use_device(index_);
    auto bytes = floats * sizeof(float);
    if (held_ + bytes > memory_max_)
      throw error("allocate: " + mebibytes(bytes) + " of " + name_ + " were asked for beside the " + mebibytes(held_) +
                  " that this member holds: its share is " + mebibytes(memory_max_));
    void* made = nullptr;
    auto result = cudaMallocFromPoolAsync(&made, bytes, pool_.get(), memory_order_.get());
    if (result == cudaErrorMemoryAllocation)
      throw error(out_of_memory(bytes));
    check(result, "cudaMallocFromPoolAsync");
    // Any stream may use it from now on.
    check(cudaStreamSynchronize(memory_order_.get()), "cudaStreamSynchronize");
    held_ += bytes;
    sizes_.emplace(made, bytes);
    return static_cast<float*>(made);
  }
  void do_release(float* data) noexcept override {
    if (auto found = sizes_.find(data); found != sizes_.end()) {
      held_ -= found->second;
      sizes_.erase(found);
    }
    static_cast<void>(cudaFreeAsync(data, memory_order_.get()));
    static_cast<void>(cudaGetLastError());
  }

  [[nodiscard]] std::string out_of_memory(std::size_t bytes) const {
    static_cast<void>(cudaGetLastError());
    std::size_t available = 0;
    std::size_t total = 0;
    static_cast<void>(cudaMemGetInfo(&available, &total));
    return "allocate: " + mebibytes(bytes) + " of " + name_ + " were asked for beside the " + mebibytes(held_) +
           " that this member holds: " + mebibytes(available) + " of " + mebibytes(total) + " are free";
  }

  void do_copy(stream& order, std::span<const float> from, std::span<float> to) override {
    if (from.empty())
      return;
    check(cudaMemcpyAsync(to.data(), from.data(), from.size_bytes(), cudaMemcpyDefault, enter(order)),
          "cudaMemcpyAsync");
  }
  void do_fill(stream& order, std::span<float> values, float value) override {
    cuda::fill(enter(order), values, value);
  }
  void do_accumulate(stream& order, std::span<const float> addend, std::span<float> sum) override {
    cuda::accumulate(enter(order), addend, sum);
  }
  void do_scale(stream& order, std::span<float> values, float factor) override {
    cuda::scale(enter(order), values, factor);
  }
  void do_squared_norm(stream& order, std::span<const float> values, double* result) override {
    auto on = enter(order);
    scratch_memory memory{of(order), (squared_norm_scratch + 1) * sizeof(double)};
    auto* sum = memory.as<double>();
    cuda::squared_norm(on, values, sum + 1, sum);
    deliver(of(order), sum, result);
  }

  void do_gemm(stream& order, const gemm_arguments& with) override {
    enter(order);
    products_->run(of(order), with);
  }
  void do_bias_activation(stream& order, const bias_activation_arguments& with) override {
    cuda::bias_activation(enter(order), with);
  }
  void do_activation_backward(stream& order, const activation_backward_arguments& with) override {
    if (with.columns == 0)
      return;
    auto on = enter(order);
    scratch_memory sums{of(order), activation_backward_scratch(with.rows, with.columns) * sizeof(float)};
    cuda::activation_backward(on, with, sums.as<float>());
  }
  void do_softmax_cross_entropy(stream& order, const cross_entropy_arguments& with) override {
    auto on = enter(order);
    // Read before this returns, as promised.
    auto labels = of(order).pinned(with.labels.size_bytes());
    std::memcpy(labels.data(), with.labels.data(), labels.size());
    scratch_memory there{of(order), labels.size()};
    check(cudaMemcpyAsync(there.as<void>(), labels.data(), labels.size(), cudaMemcpyHostToDevice, on),
          "cudaMemcpyAsync");
    scratch_memory losses{of(order), with.rows * sizeof(double)};
    scratch_memory hits{of(order), with.rows * sizeof(std::uint32_t)};
    scratch_memory result{of(order), sizeof(cross_entropy_result)};
    cuda::softmax_cross_entropy(on, with, there.as<std::uint32_t>(), losses.as<double>(), hits.as<std::uint32_t>(),
                                result.as<cross_entropy_result>());
    deliver(of(order), result.as<cross_entropy_result>(), with.result);
  }
  void do_compensate(stream& order, const compensation_arguments& with) override {
    cuda::compensate(enter(order), with);
  }
  void do_compensate_adaptively(stream& order, const adaptive_compensation_arguments& with) override {
    cuda::compensate_adaptively(enter(order), with);
  }
  void do_update(stream& order, const update_arguments& with) override { cuda::update(enter(order), with); }

  /// Kernels are launched in this thread's current device. Each thread that computes has one device of its own, so that
  /// it stays.
  cudaStream_t enter(stream& order) {
    use_device(index_);
    return of(order).get();
  }

  /// What lies in device memory when all before is done, to the host with the next synchronize().
  template <class Value>
  void deliver(cuda_stream& order, const Value* from, Value* to) {
    auto passing = order.pinned(sizeof(Value));
    check(cudaMemcpyAsync(passing.data(), from, sizeof(Value), cudaMemcpyDeviceToHost, order.get()), "cudaMemcpyAsync");
    order.when_done([passing, to] { std::memcpy(to, passing.data(), sizeof(Value)); });
  }

  int index_;
  std::string name_;
  std::size_t memory_max_;
  cudaDeviceProp properties_{};
  pool_handle pool_;
  stream_handle memory_order_; ///< in which memory comes and goes
  std::optional<matrix_products> products_;
  std::size_t held_ = 0; ///< bytes
  std::map<void*, std::size_t> sizes_;
};

} // namespace

std::unique_ptr<device> make_cuda_device(int index, const device_options& options) {
  return std::make_unique<cuda_device>(index, options);
}

} // namespace drover::gpu::cuda

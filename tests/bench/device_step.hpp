#pragma once

#include "drover/actors/distant_memory.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/gpu/device.hpp"
#include "drover/messages/bulk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace drover::bench {

/// A fully connected network, and a step of its training.
struct step_shape {
  std::vector<std::size_t> sizes; ///< features, hidden layers, classes
  std::size_t batch = 0;
  messages::Precision precision = messages::Precision::FP32;
  std::uint32_t block_bytes = 1u << 20;

  [[nodiscard]] std::string name() const;
  /// Floating-point operations of the matrix products of a step, forward and backward.
  [[nodiscard]] double operations() const;
  /// What all that is measured of it takes on a device, at most.
  [[nodiscard]] std::size_t bytes() const;
  /// A job that trains it on data that are noise, with one worker.
  [[nodiscard]] std::shared_ptr<const job_context> context(const std::string& device) const;
};

/// Steps of a job's first worker: the code that workers run, without actors.
class training_steps {
public:
  explicit training_steps(std::shared_ptr<const job_context> context);

  /// Forward and backward, of parameters and a batch that lie on the device already.
  void on_device(std::size_t times);
  /// All that a worker does: reads a batch, and copies it, the parameters and the gradient where the device needs that.
  void of_worker(std::size_t times);

private:
  std::shared_ptr<const job_context> context_;
  shared_bulk parameters_;
  std::vector<const float*> blocks_;
  gradient_computer worker_;
  std::uint64_t clock_ = 0;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<gpu::stream> order_;
  distant_memory memory_;
  std::unique_ptr<model> model_;
  batch_source batches_;
  distant_memory::view there_;
};

/// Matrix products alone, one after the other, of numbers that are noise: zeros would take less power and so less time.
class products {
public:
  explicit products(gpu::device& device) : device_(device), order_(device.make_stream()) {}

  /// Those of a step.
  void add_step(const step_shape& shape);
  void add_square(std::size_t size);
  void run(std::size_t times);

private:
  [[nodiscard]] std::span<float> noise(std::size_t size);
  void add_layer(std::size_t batch, std::size_t inputs, std::size_t outputs, bool is_first);

  gpu::device& device_;
  std::unique_ptr<gpu::stream> order_;
  std::vector<gpu::buffer> memory_;
  std::vector<gpu::gemm_arguments> all_;
};

} // namespace drover::bench

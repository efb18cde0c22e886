#include "drover/actors/job_context.hpp"

#include "drover/actors/core/job_rules.hpp"
#include "drover/gpu/device.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

gpu::activation activation_of(messages::Activation activation) {
  switch (activation) {
  case messages::Activation::TANH:
    return gpu::activation::tanh;
  case messages::Activation::SIGMOID:
    return gpu::activation::sigmoid;
  case messages::Activation::GELU:
    return gpu::activation::gelu;
  case messages::Activation::RELU:
    break;
  }
  return gpu::activation::relu;
}

batch_source batches(const job& what, const dataset_pair& data, std::shared_ptr<epoch_orders> orders,
                     std::uint32_t worker) {
  auto view = what.read();
  return {data.train,
          {.batch_size = view.getBatchSize(),
           .seed = view.getSeed(),
           .part = {.index = worker, .count = view.getWorkers()},
           .augment = {.shift_pixels = view.getAugmentShiftPixels(), .flip = view.getAugmentFlip()}},
          std::move(orders)};
}

void check_same_shape(const data_shape& train, const data_shape& test) {
  if (train.features != test.features || train.classes < test.classes)
    throw std::invalid_argument("the samples to test on have " + std::to_string(test.features) + " features and " +
                                std::to_string(test.classes) + " classes, those to train on " +
                                std::to_string(train.features) + " and " + std::to_string(train.classes));
}

// Parameters and rule state on the shards, and one gradient a worker: what a job cannot do without.
void check_fits_memory(const std::vector<tensor_spec>& tensors, messages::Job::Reader what,
                       std::uint64_t steps_per_epoch) {
  auto rules = job_rules::of(what, steps_per_epoch, steps_per_epoch);
  auto floats = 1.0 + static_cast<double>(rules.rule->state_slots()) + what.getWorkers();
  double parameters = 0;
  for (const auto& tensor : tensors)
    parameters += static_cast<double>(tensor.rows()) * static_cast<double>(tensor.row_size());
  auto needed = floats * parameters * sizeof(float);
  auto there = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  constexpr double gibibyte = 1024.0 * 1024 * 1024;
  if (needed > there)
    throw std::invalid_argument("model: " + std::string{what.getModel().cStr()} + " with " +
                                std::to_string(what.getWorkers()) + " workers needs at least " +
                                std::to_string(std::llround(needed / gibibyte)) + " GiB, this machine has " +
                                std::to_string(std::llround(there / gibibyte)));
}

} // namespace

dataset_pair load_data(const job& what, const table_columns* like) {
  auto view = what.read();
  return load_data(data_source{.data = view.getData().cStr(),
                               .test_data = view.getTestData().cStr(),
                               .holdout = view.getHoldout(),
                               .label_column = view.getLabelColumn().cStr(),
                               .seed = view.getSeed()},
                   like);
}

std::unique_ptr<model> make_model(const job& what, const model_registry& models, const data_shape& shape,
                                  gpu::device& device) {
  return models.make(
      what.read().getModel().cStr(),
      {.arguments = {}, .shape = shape, .activation = activation_of(what.read().getActivation()), .device = &device});
}

std::shared_ptr<const job_context> job_context::make(const job& what, model_registry models, dataset_pair data) {
  auto complete = resolve(what);
  auto view = complete.read();
  if (!data.train)
    data = load_data(complete);
  if (!data.test)
    throw std::invalid_argument("there are samples to train on but none to test on");
  check_same_shape(data.train->shape(), data.test->shape());
  auto device = gpu::make_cpu_device();
  auto tensors = drover::make_model(complete, models, data.train->shape(), *device)->tensors();
  auto orders = std::make_shared<epoch_orders>(data.train->size(), view.getSeed());
  auto steps_per_epoch = batches(complete, data, orders, 0).steps_per_epoch();
  check_fits_memory(tensors, view, steps_per_epoch);
  auto layout = parameter_layout{std::move(tensors), view.getBlockBytes()}.joined(view.getShards());
  auto plan = training_plan::of(view, std::make_shared<const parameter_layout>(std::move(layout)), steps_per_epoch);
  return std::make_shared<const job_context>(
      job_context{std::move(complete), std::move(models), std::move(data), std::move(plan), std::move(orders)});
}

std::unique_ptr<model> job_context::make_model(gpu::device& device) const {
  return drover::make_model(what, models, data.train->shape(), device);
}

batch_source job_context::batches_of(std::uint32_t worker) const {
  return batches(what, data, orders, worker);
}

} // namespace drover

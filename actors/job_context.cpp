#include "drover/actors/job_context.hpp"

#include "drover/gpu/device.hpp"

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

batch_source batches(const job& what, const dataset_pair& data, std::uint32_t worker) {
  auto view = what.read();
  return {data.train,
          {.batch_size = view.getBatchSize(),
           .seed = view.getSeed(),
           .part = {.index = worker, .count = view.getWorkers()},
           .augment = {.shift_pixels = view.getAugmentShiftPixels(), .flip = view.getAugmentFlip()}}};
}

} // namespace

dataset_pair load_data(const job& what) {
  auto view = what.read();
  return load_data(data_source{.data = view.getData().cStr(),
                               .test_data = view.getTestData().cStr(),
                               .holdout = view.getHoldout(),
                               .label_column = view.getLabelColumn().cStr(),
                               .seed = view.getSeed()});
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
  auto device = gpu::make_cpu_device();
  auto tensors = drover::make_model(complete, models, data.train->shape(), *device)->tensors();
  auto steps_per_epoch = batches(complete, data, 0).steps_per_epoch();
  auto plan = training_plan::of(view, std::move(tensors), steps_per_epoch);
  return std::make_shared<const job_context>(
      job_context{std::move(complete), std::move(models), std::move(data), std::move(plan)});
}

std::unique_ptr<model> job_context::make_model(gpu::device& device) const {
  return drover::make_model(what, models, data.train->shape(), device);
}

batch_source job_context::batches_of(std::uint32_t worker) const {
  return batches(what, data, worker);
}

} // namespace drover

#include "tests/bench/device_step.hpp"

#include "drover/actors/worker_device.hpp"
#include "drover/models/random.hpp"
#include "drover/models/tensor.hpp"

#include "tests/bench/fashion.hpp"
#include <algorithm>
#include <numeric>
#include <utility>

namespace drover::bench {

namespace {

shared_bulk initial_parameters(const job_context& context) {
  const auto& layout = *context.plan.layout;
  auto result = std::make_shared<bulk>(layout.flat_size());
  std::ranges::fill(result->values(), 0.0f);
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    initialize(layout, block, context.what.read().getSeed(), &result->values()[layout.blocks()[block].offset]);
  return result;
}

std::size_t parameters_of(const std::vector<std::size_t>& sizes) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i)
    sum += (sizes[i] + 1) * sizes[i + 1];
  return sum;
}

std::string joined(const std::vector<std::size_t>& sizes, const char* separator) {
  std::string result;
  for (auto size : sizes)
    result += (result.empty() ? "" : separator) + std::to_string(size);
  return result;
}

const char* name_of(messages::Precision precision) {
  switch (precision) {
  case messages::Precision::TF32:
    return "tf32";
  case messages::Precision::BF16:
    return "bf16";
  case messages::Precision::FP32:
    break;
  }
  return "fp32";
}

} // namespace

std::string step_shape::name() const {
  return joined(sizes, "-") + ", batch " + std::to_string(batch) + ", " + name_of(precision) +
         ", parameters in blocks of " + std::to_string(block_bytes >> 20) + " MiB";
}

double step_shape::operations() const {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) // nobody asks for the gradient of the data
    sum += 2.0 * static_cast<double>(batch * sizes[i] * sizes[i + 1]) * (i > 0 ? 3 : 2);
  return sum;
}

std::size_t step_shape::bytes() const {
  // Parameters and gradient, and twice the values of each layer: for the step, for the worker, for the products alone.
  auto values = batch * std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  return 3 * (2 * parameters_of(sizes) + 2 * values) * sizeof(float);
}

std::shared_ptr<const job_context> step_shape::context(const std::string& device) const {
  constexpr std::size_t steps = 12; // other samples each time, not from a cache
  auto what = fashion_job();
  auto hidden = joined({sizes.begin() + 1, sizes.end() - 1}, ",");
  what->setModel("mlp:" + hidden);
  what->setBatchSize(static_cast<std::uint32_t>(batch));
  what->setBlockBytes(block_bytes);
  what->setDevice(device);
  what->setPrecision(precision);
  auto data = noise({.features = sizes.front(), .classes = sizes.back()}, steps * batch);
  return job_context::make(what, standard_models(), {data, data});
}

training_steps::training_steps(std::shared_ptr<const job_context> context)
    : context_(std::move(context)), parameters_(initial_parameters(*context_)),
      blocks_(block_pointers<const float>(*context_->plan.layout, parameters_->values().data())), worker_(context_, 0),
      device_(make_worker_device(context_->what.read(), 0)), order_(device_->make_stream()),
      memory_(*device_, *order_, *context_->plan.layout), model_(context_->make_model(*device_)),
      batches_(context_->batches_of(0)), there_(memory_.bring(batches_.at(0), {*context_->plan.layout, blocks_})) {}

void training_steps::on_device(std::size_t times) {
  for (std::size_t i = 0; i < times; ++i)
    static_cast<void>(model_->gradient(there_.samples, there_.parameters, there_.gradient));
}

void training_steps::of_worker(std::size_t times) {
  for (std::size_t i = 0; i < times; ++i)
    static_cast<void>(worker_.compute(clock_++, {*context_->plan.layout, blocks_}));
}

std::span<float> products::noise(std::size_t size) {
  constexpr std::size_t piece = 1u << 20;
  static const auto values = [] {
    random_sequence random{random_bits::key(1, "noise")};
    std::vector<float> result(piece);
    std::ranges::generate(result, [&random] { return static_cast<float>(random_bits::symmetric(random.next())); });
    return result;
  }();
  memory_.push_back(device_.allocate(size));
  auto result = memory_.back().span();
  for (std::size_t first = 0; first < size; first += piece) {
    auto to = result.subspan(first, std::min(piece, size - first));
    device_.copy(*order_, std::span{values}.first(to.size()), to);
  }
  order_->synchronize();
  return result;
}

void products::add_layer(std::size_t batch, std::size_t inputs, std::size_t outputs, bool is_first) {
  auto x = noise(batch * inputs);
  auto w = noise(outputs * inputs);
  auto y = noise(batch * outputs);
  all_.push_back({.rows = batch,
                  .columns = outputs,
                  .inner = inputs,
                  .transpose_b = true,
                  .a = x,
                  .a_stride = inputs,
                  .b = w,
                  .b_stride = inputs,
                  .c = y,
                  .c_stride = outputs});
  all_.push_back({.rows = outputs,
                  .columns = inputs,
                  .inner = batch,
                  .transpose_a = true,
                  .a = y,
                  .a_stride = outputs,
                  .b = x,
                  .b_stride = inputs,
                  .c = noise(outputs * inputs),
                  .c_stride = inputs});
  if (!is_first)
    all_.push_back({.rows = batch,
                    .columns = inputs,
                    .inner = outputs,
                    .a = y,
                    .a_stride = outputs,
                    .b = w,
                    .b_stride = inputs,
                    .c = noise(batch * inputs),
                    .c_stride = inputs});
}

void products::add_step(const step_shape& shape) {
  for (std::size_t i = 0; i + 1 < shape.sizes.size(); ++i)
    add_layer(shape.batch, shape.sizes[i], shape.sizes[i + 1], i == 0);
}

void products::add_square(std::size_t size) {
  all_.push_back({.rows = size,
                  .columns = size,
                  .inner = size,
                  .a = noise(size * size),
                  .a_stride = size,
                  .b = noise(size * size),
                  .b_stride = size,
                  .c = noise(size * size),
                  .c_stride = size});
}

void products::run(std::size_t times) {
  for (std::size_t i = 0; i < times; ++i)
    for (const auto& with : all_)
      device_.gemm(*order_, with);
  order_->synchronize();
}

} // namespace drover::bench
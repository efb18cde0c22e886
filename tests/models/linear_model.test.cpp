#include "drover/models/linear_model.hpp"

#include "drover/gpu/device.hpp"
#include "drover/models/linear_loss.hpp"
#include "drover/models/random.hpp"
#include "drover/models/rules/update_rule.hpp"
#include "drover/models/shared_float.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace drover {

namespace {

constexpr std::size_t linear_features = 11;

/// Rows of up to 5 features, classes and numbers.
struct linear_samples {
  sparse_rows rows;
  sparse_rows_view all;
  std::vector<std::uint32_t> classes;
  std::vector<std::uint32_t> chosen;

  explicit linear_samples(std::size_t count) {
    random_sequence random{7};
    for (std::size_t i = 0; i < count; ++i) {
      for (std::uint32_t column = 0; column < linear_features; ++column)
        if (random.below(2) == 0) {
          rows.columns.push_back(column);
          rows.values.push_back(static_cast<float>(random.below(1000)) / 500 - 1);
        }
      rows.ends.push_back(rows.columns.size());
      rows.labels.push_back(static_cast<float>(random.below(1000)) / 250 - 2);
      classes.push_back(static_cast<std::uint32_t>(random.below(2)));
      chosen.push_back(static_cast<std::uint32_t>(count - 1 - i));
    }
    all = rows.view();
  }

  [[nodiscard]] batch view() const { return {.samples = chosen, .rows = &all, .classes = classes}; }
};

model_request linear_request(std::string_view arguments = {}, float l1 = 0, float l2 = 0) {
  model_request result;
  result.arguments = arguments;
  result.shape.features = linear_features;
  result.shape.classes = 2;
  result.l1 = l1;
  result.l2 = l2;
  result.shares = std::make_shared<std::vector<float>>(linear_features, 0.25f);
  return result;
}

/// Parameters in blocks of a few floats, and what goes with them.
struct linear_parameters {
  parameter_layout layout;
  std::vector<float> flat;
  std::vector<float*> pointers;
  std::vector<const float*> const_pointers;

  linear_parameters(const model& learned, std::size_t block_bytes)
      : layout(learned.tensors(), block_bytes), flat(layout.flat_size()), pointers(block_pointers(layout, flat.data())),
        const_pointers(pointers.begin(), pointers.end()) {}

  [[nodiscard]] const_parameters view() const { return {layout, const_pointers}; }
  [[nodiscard]] mutable_parameters writable() { return {layout, pointers}; }
  /// Parameter `index`, counted over all tensors.
  [[nodiscard]] float& at(std::size_t index) {
    for (const auto& slab : layout.slabs()) {
      if (index < slab.size)
        return flat[slab.offset + index];
      index -= slab.size;
    }
    throw std::out_of_range("no such parameter");
  }
};

using linear_factory = std::function<std::unique_ptr<model>(const model_request&)>;

double mean_loss_of(model& learned, const linear_samples& samples, const linear_parameters& at) {
  return learned.evaluate(samples.view(), at.view()).mean_loss();
}

} // namespace

TEST_CASE("the gradient of a linear model agrees with finite differences, for each loss and size of blocks") {
  const linear_samples samples(40);
  const std::pair<linear_factory, double> losses[] = {{make_svm, 1}, {make_logistic, 1}, {make_squared, 0.5}};
  for (const auto& [make, half] : losses)
    for (std::size_t block_bytes : {1u << 20, 16u, 1u}) {
      auto learned = make(linear_request("bias"));
      linear_parameters at{*learned, block_bytes};
      linear_parameters gradient{*learned, block_bytes};
      for (std::size_t i = 0; i <= linear_features; ++i)
        at.at(i) = static_cast<float>(0.4 * random_bits::symmetric(random_bits::at(3, i)));
      std::ranges::fill(gradient.flat, 9.0f);
      auto result = learned->gradient(samples.view(), at.view(), gradient.writable());
      CHECK(result.mean_loss() == doctest::Approx(mean_loss_of(*learned, samples, at)));
      for (std::size_t i = 0; i <= linear_features; ++i) {
        constexpr float step = 1e-3f;
        auto value = at.at(i);
        at.at(i) = value + step;
        auto above = mean_loss_of(*learned, samples, at);
        at.at(i) = value - step;
        auto below = mean_loss_of(*learned, samples, at);
        at.at(i) = value;
        // The hinge's kink may lie between the two.
        CHECK(static_cast<double>(gradient.at(i)) ==
              doctest::Approx(half * (above - below) / (2 * static_cast<double>(step))).epsilon(0.02));
      }
    }
}

TEST_CASE("l1 and l2 pull at the features that a sample has, by the share of each, and not at the bias") {
  auto learned = make_squared(linear_request("bias", 0.5f, 2));
  linear_parameters at{*learned, 16};
  linear_parameters gradient{*learned, 16};
  at.at(2) = 3;
  at.at(4) = -1;
  at.at(linear_features) = 5;
  sparse_rows rows{.ends = {2}, .columns = {2, 4}, .values = {0, 0}, .labels = {5}};
  auto all = rows.view();
  const std::vector<std::uint32_t> first{0};
  static_cast<void>(learned->gradient({.samples = first, .rows = &all}, at.view(), gradient.writable()));
  CHECK(gradient.at(2) == (2 * 3 + 0.5f) * 0.25f);
  CHECK(gradient.at(4) == (2 * -1 - 0.5f) * 0.25f);
  CHECK(gradient.at(3) == 0);
  CHECK(gradient.at(linear_features) == 0);
}

TEST_CASE("in place a sparse svm takes the published step, sample by sample") {
  const linear_samples samples(30);
  auto learned = make_svm(linear_request({}, 0, 0.5f));
  linear_parameters at{*learned, 1u << 20};
  std::vector<double> wanted(linear_features);
  constexpr float rate = 0.1f;
  double loss = 0;
  for (auto sample : samples.chosen) {
    auto row = samples.rows[sample];
    double y = samples.classes[sample] == 1 ? 1 : -1;
    double z = 0;
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      z += wanted[row.columns[k]] * static_cast<double>(row.values[k]);
    loss += std::max(0.0, 1 - y * z);
    if (y * z < 1)
      for (std::size_t k = 0; k < row.columns.size(); ++k)
        wanted[row.columns[k]] += 0.1 * y * static_cast<double>(row.values[k]);
    for (auto column : row.columns)
      wanted[column] *= 1 - 0.1 * 0.5 * 0.25;
  }
  std::vector<float*> none(at.pointers.size());
  auto did = learned->in_place()->learn(samples.view(), {&at.layout, at.pointers, none}, gpu::sgd_update{rate, 0});
  CHECK(did.result.loss_sum == doctest::Approx(loss));
  CHECK(did.result.samples == 30);
  for (std::size_t i = 0; i < linear_features; ++i)
    CHECK(static_cast<double>(at.at(i)) == doctest::Approx(wanted[i]));
}

TEST_CASE("in place l1 takes weights to 0 and not beyond it") {
  auto learned = make_squared(linear_request({}, 4, 0));
  linear_parameters at{*learned, 1u << 20};
  at.at(1) = 0.05f;
  at.at(2) = -0.5f;
  sparse_rows rows{.ends = {2}, .columns = {1, 2}, .values = {0, 0}, .labels = {0}};
  auto all = rows.view();
  const std::vector<std::uint32_t> first{0};
  std::vector<float*> none(at.pointers.size());
  static_cast<void>(learned->in_place()->learn({.samples = first, .rows = &all}, {&at.layout, at.pointers, none},
                                               gpu::sgd_update{0.1f, 0}));
  CHECK(at.at(1) == 0);
  CHECK(at.at(2) == doctest::Approx(-0.4));
}

TEST_CASE("in place one sample at a time is what gradients of one sample each do, bit for bit, for each rule") {
  const linear_samples samples(50);
  for (const auto* name : {"sgd", "adagrad", "ftrl"}) {
    auto rule = make_update_rule(name, {.l1 = 0.01f, .l2 = 0.1f});
    auto learned = make_logistic(linear_request("bias"));
    linear_parameters in_place{*learned, 1u << 20};
    linear_parameters by_gradients{*learned, 1u << 20};
    linear_parameters gradient{*learned, 1u << 20};
    std::vector<std::vector<float>> states;
    std::vector<float*> state_pointers;
    for (const auto& block : in_place.layout.blocks())
      states.emplace_back(rule->state_slots() * block.size);
    for (auto& state : states)
      state_pointers.push_back(state.data());
    static_cast<void>(learned->in_place()->learn(samples.view(), {&in_place.layout, in_place.pointers, state_pointers},
                                                 rule->at({0.1f, 1})));

    auto device = gpu::make_cpu_device();
    auto stream = device->make_stream();
    std::vector<float> state(rule->state_slots() * by_gradients.flat.size());
    for (auto sample : samples.chosen) {
      auto one = samples.view();
      one.samples = {&sample, 1};
      static_cast<void>(learned->gradient(one, by_gradients.view(), gradient.writable()));
      rule->apply(*device, *stream, {0.1f, 1}, by_gradients.flat, gradient.flat, by_gradients.flat, state);
      stream->synchronize();
    }
    CAPTURE(name);
    CHECK(in_place.flat == by_gradients.flat);
  }
}

TEST_CASE("a score that is not a number costs what is not one, so that nobody takes it for a good model") {
  auto none = std::nanf("");
  CHECK(std::isnan(hinge_loss::at(none, 1).value));
  CHECK(std::isnan(logistic_loss::at(none, 1).value));
  CHECK(std::isnan(squared_loss::at(none, 1).value));
}

TEST_CASE("what a linear model cannot do is refused with a sentence") {
  auto refusal = [](auto make) { return test::refusal([&] { static_cast<void>(make()); }); };
  CHECK(refusal([] { return make_svm(linear_request("rank=3")); }) ==
        "model svm:rank=3: say svm, or svm:bias for a weight that every sample has");
  CHECK(refusal([] {
          auto many = linear_request();
          many.shape.classes = 10;
          return make_logistic(many);
        }) == "model logistic tells two classes apart, these data have 10: softmax takes as many as there are");
  CHECK(refusal([] {
          auto blind = linear_request({}, 0, 1);
          blind.shares = nullptr;
          return make_svm(blind);
        }) == "model svm needs to know how many samples have each feature to apply l1 or l2");
  auto learned = make_svm(linear_request());
  linear_parameters at{*learned, 1u << 20};
  const linear_samples samples(3);
  std::vector<float*> none(at.pointers.size());
  CHECK(refusal([&] {
          return learned->in_place()->learn(samples.view(), {&at.layout, at.pointers, none}, gpu::adam_update{});
        }) == "a linear model learns in place by sgd, adagrad or ftrl");
}

TEST_CASE("an update that another thread's write came before is counted as lost") {
  lost_updates seen;
  float value = 2;
  seen.write(value, 2, 3);
  CHECK(value == 3);
  CHECK(seen.watched() == 1);
  CHECK(seen.lost() == 0);
  seen.write(value, 2, 4); // somebody wrote 3 since this read 2
  CHECK(value == 4);
  CHECK(seen.watched() == 2);
  CHECK(seen.lost() == 1);
}

} // namespace drover

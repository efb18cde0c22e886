#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"
#include <algorithm>
#include <cmath>

namespace drover::gpu {

namespace {

struct expectation {
  double loss = 0;
  std::uint64_t correct = 0;
  std::vector<double> gradient;
};

expectation reference(const std::vector<float>& logits, const std::vector<std::uint32_t>& labels) {
  expectation result;
  auto rows = labels.size();
  auto columns = logits.size() / rows;
  for (std::size_t row = 0; row < rows; ++row) {
    auto first = logits.begin() + static_cast<std::ptrdiff_t>(row * columns);
    auto largest = std::max_element(first, first + static_cast<std::ptrdiff_t>(columns));
    result.correct += static_cast<std::size_t>(largest - first) == labels[row];
    double sum = 0;
    for (std::size_t i = 0; i < columns; ++i)
      sum += std::exp(static_cast<double>(logits[row * columns + i]) - *largest);
    result.loss += std::log(sum) + *largest - logits[row * columns + labels[row]];
    for (std::size_t i = 0; i < columns; ++i)
      result.gradient.push_back(
          (std::exp(static_cast<double>(logits[row * columns + i]) - *largest) / sum - (i == labels[row] ? 1 : 0)) /
          static_cast<double>(rows));
  }
  return result;
}

struct shape {
  std::size_t rows, columns;
};

} // namespace

TEST_CASE("loss, hits and gradient of the cross-entropy agree with their definition") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto [rows, columns] : {shape{1, 2}, shape{32, 10}, shape{7, 33}, shape{3, 1000}})
    for (float range : {0.1f, 3.0f, 60.0f}) {
      auto logits = test::values(rows * columns, 8, -range, range);
      std::vector<std::uint32_t> labels(rows);
      for (std::size_t i = 0; i < rows; ++i)
        labels[i] = static_cast<std::uint32_t>(i * 5 % columns);
      auto wanted = reference(logits, labels);
      std::vector<float> gradient(logits.size());
      cross_entropy_result result, again;
      device->softmax_cross_entropy(*order, {rows, columns, logits, labels, gradient, &result});
      device->softmax_cross_entropy(*order, {rows, columns, logits, labels, {}, &again});
      order->synchronize();
      CHECK(result.loss_sum == doctest::Approx(wanted.loss).epsilon(1e-6));
      CHECK(result.correct == wanted.correct);
      CHECK(again.loss_sum == result.loss_sum);
      CHECK(again.correct == result.correct);
      double worst = 0;
      for (std::size_t i = 0; i < gradient.size(); ++i)
        worst = std::max(worst, std::abs(gradient[i] - wanted.gradient[i]));
      CHECK(worst < 3e-7);
    }
}

TEST_CASE("the gradient may take the place of the logits") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  auto logits = test::values(21, 9);
  std::vector<std::uint32_t> labels = {0, 6, 3};
  std::vector<float> apart(21);
  cross_entropy_result result;
  device->softmax_cross_entropy(*order, {3, 7, logits, labels, apart, &result});
  device->softmax_cross_entropy(*order, {3, 7, logits, labels, logits, &result});
  CHECK(logits == apart);
}

TEST_CASE("of several largest logits the first one counts") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  const std::vector<float> logits = {1, 5, 5, 5, 5, 1};
  const std::vector<std::uint32_t> labels = {1, 0};
  cross_entropy_result result;
  device->softmax_cross_entropy(*order, {2, 3, logits, labels, {}, &result});
  CHECK(result.correct == 2);
}

TEST_CASE("a loss of logits with NaN is NaN") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<std::uint32_t> labels = {1};
  for (std::size_t place : {0u, 1u, 2u}) {
    std::vector<float> logits = {1, 2, 3};
    logits[place] = std::nanf("");
    cross_entropy_result result;
    device->softmax_cross_entropy(*order, {1, 3, logits, labels, {}, &result});
    CHECK(std::isnan(result.loss_sum));
  }
}

TEST_CASE("labels that are no classes are refused with a sentence") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<float> logits(6);
  std::vector<std::uint32_t> labels = {0, 3};
  cross_entropy_result result;
  CHECK_THROWS_WITH_AS(device->softmax_cross_entropy(*order, {2, 3, logits, labels, {}, &result}),
                       "softmax_cross_entropy: label 3 is not below 3, the number of classes", error);
  labels.pop_back();
  CHECK_THROWS_WITH_AS(device->softmax_cross_entropy(*order, {2, 3, logits, labels, {}, &result}),
                       "softmax_cross_entropy: 1 labels for 2 rows", error);
}

} // namespace drover::gpu

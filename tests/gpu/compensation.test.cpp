#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"
#include <cmath>

namespace drover::gpu {

TEST_CASE("compensation adds lambda g g (w - w_bak)") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (std::size_t size : {1u, 17u, 1000u}) {
    auto gradient = test::values(size, 1);
    auto weights = test::values(size, 2);
    auto backup = test::values(size, 3);
    std::vector<float> compensated(size);
    device->compensate(*order, {0.04f, gradient, weights, backup, compensated});
    for (std::size_t i = 0; i < size; ++i) {
      double g = gradient[i];
      CHECK(compensated[i] == doctest::Approx(g + 0.04 * g * g * (weights[i] - backup[i])).epsilon(1e-5));
    }
    device->compensate(*order, {0.04f, gradient, weights, weights, compensated});
    CHECK(compensated == gradient);
  }
}

TEST_CASE("adaptive compensation keeps a mean square and divides lambda by its root") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  constexpr std::size_t size = 37;
  auto weights = test::values(size, 2);
  auto backup = test::values(size, 3);
  std::vector<float> mean_square(size), compensated(size);
  std::vector<double> expected_square(size);
  for (std::uint32_t step = 0; step < 3; ++step) {
    auto gradient = test::values(size, 10 + step);
    device->compensate(*order, {2, 0.95f, gradient, weights, backup, mean_square, compensated});
    for (std::size_t i = 0; i < size; ++i) {
      double g = gradient[i];
      expected_square[i] = 0.95 * expected_square[i] + 0.05 * g * g;
      double lambda = 2 / std::sqrt(expected_square[i] + 1e-7);
      CHECK(mean_square[i] == doctest::Approx(expected_square[i]).epsilon(1e-5));
      CHECK(test::distance(compensated[i], g + lambda * g * g * (weights[i] - backup[i])) < 1e-5);
    }
  }
}

} // namespace drover::gpu

#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"

namespace drover::gpu {

namespace {

constexpr std::size_t sizes[] = {0, 1, 7, 16, 33, 1000, 4099};

} // namespace

TEST_CASE("copy, fill, accumulate and scale do what they say, bit by bit") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto size : sizes) {
    auto addend = test::values(size, 1);
    auto start = test::values(size, 2);
    std::vector<float> copied(size);
    device->copy(*order, start, copied);
    CHECK(copied == start);
    auto sum = start;
    device->accumulate(*order, addend, sum);
    auto scaled = start;
    device->scale(*order, scaled, 0.3f);
    bool same = true;
    for (std::size_t i = 0; i < size; ++i)
      same = same && sum[i] == start[i] + addend[i] && scaled[i] == start[i] * 0.3f;
    CHECK(same);
    device->fill(*order, copied, 2.5f);
    CHECK(copied == std::vector<float>(size, 2.5f));
  }
}

TEST_CASE("the squared norm agrees with the sum of squares") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto size : sizes) {
    auto values = test::values(size, 3, -100, 100);
    double wanted = 0;
    for (double value : values)
      wanted += value * value;
    double found = -1;
    device->squared_norm(*order, values, &found);
    order->synchronize();
    CHECK(found == doctest::Approx(wanted).epsilon(1e-12));
  }
}

TEST_CASE("spans of different sizes are refused with a sentence") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<float> two(2), three(3);
  CHECK_THROWS_WITH_AS(device->copy(*order, two, three), "copy: the target has 3 floats, needs 2", error);
  CHECK_THROWS_WITH_AS(device->accumulate(*order, two, three), "accumulate: the sum has 3 floats, needs 2", error);
}

} // namespace drover::gpu

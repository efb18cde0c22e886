#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"
#include <limits>
#include <string>

namespace drover::gpu {

namespace {

struct shape {
  std::size_t rows, columns, inner;
};

/// A GEMM with rows that are further apart than they need be, and what its result must be.
struct trial {
  gemm_arguments arguments;
  std::vector<float> a, b, c;
  std::vector<double> expected;

  trial(shape size, bool transpose_a, bool transpose_b, float alpha, float beta) {
    auto a_stride = (transpose_a ? size.rows : size.inner) + 3;
    auto b_stride = (transpose_b ? size.inner : size.columns) + 1;
    auto c_stride = size.columns + 2;
    a = test::values((transpose_a ? size.inner : size.rows) * a_stride, 1);
    b = test::values((transpose_b ? size.columns : size.inner) * b_stride, 2);
    c = test::values(size.rows * c_stride, 3);
    expected.assign(c.begin(), c.end());
    for (std::size_t i = 0; i < size.rows; ++i)
      for (std::size_t j = 0; j < size.columns; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < size.inner; ++k)
          sum += static_cast<double>(transpose_a ? a[k * a_stride + i] : a[i * a_stride + k]) *
                 (transpose_b ? b[j * b_stride + k] : b[k * b_stride + j]);
        auto& to = expected[i * c_stride + j];
        to = alpha * sum + beta * to;
      }
    arguments = {.rows = size.rows,
                 .columns = size.columns,
                 .inner = size.inner,
                 .transpose_a = transpose_a,
                 .transpose_b = transpose_b,
                 .alpha = alpha,
                 .beta = beta,
                 .a = a,
                 .a_stride = a_stride,
                 .b = b,
                 .b_stride = b_stride,
                 .c = c,
                 .c_stride = c_stride};
  }
};

} // namespace

TEST_CASE("a product agrees with the sum over the inner index, for all transpositions, strides and odd shapes") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto size : {shape{1, 1, 1}, shape{3, 5, 7}, shape{32, 10, 100}, shape{33, 65, 17}, shape{2, 130, 785}})
    for (bool transpose_a : {false, true})
      for (bool transpose_b : {false, true})
        for (auto [alpha, beta] : {std::pair{1.0f, 0.0f}, std::pair{0.5f, 1.0f}, std::pair{-2.0f, 0.25f}}) {
          trial with(size, transpose_a, transpose_b, alpha, beta);
          device->gemm(*order, with.arguments);
          order->synchronize();
          double worst = 0;
          for (std::size_t i = 0; i < with.c.size(); ++i)
            worst = std::max(worst, test::distance(with.c[i], with.expected[i]));
          CAPTURE(size.rows);
          CAPTURE(size.columns);
          CAPTURE(size.inner);
          CHECK(worst < 2e-5);
        }
}

TEST_CASE("with beta 0, what the result held before does not matter, not even NaN") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  trial with({5, 9, 4}, false, true, 1, 0);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 9; ++j)
      with.c[i * with.arguments.c_stride + j] = std::numeric_limits<float>::quiet_NaN();
  device->gemm(*order, with.arguments);
  for (std::size_t i = 0; i < with.c.size(); ++i)
    CHECK(test::distance(with.c[i], with.expected[i]) < 1e-5);
}

TEST_CASE("the same product gives the same bits each time") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  trial first({32, 256, 785}, false, true, 1, 0);
  trial second({32, 256, 785}, false, true, 1, 0);
  device->gemm(*order, first.arguments);
  device->gemm(*order, second.arguments);
  CHECK(first.c == second.c);
}

TEST_CASE("a product whose spans are too small or whose rows overlap is refused with a sentence") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  trial with({4, 5, 6}, false, false, 1, 0);
  auto bad = with.arguments;
  bad.a = bad.a.first(4);
  CHECK_THROWS_WITH_AS(device->gemm(*order, bad), "gemm: a has 4 floats, needs 33", error);
  bad = with.arguments;
  bad.c_stride = 4;
  CHECK_THROWS_WITH_AS(device->gemm(*order, bad), "gemm: c has rows of 5 floats every 4 floats: they overlap", error);
}

} // namespace drover::gpu

#include "drover/models/tensor.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace drover {

namespace {

tensor_spec tensor(std::string name, initializer::kind kind, float scale) {
  return {std::move(name), {100, 50}, {kind, scale}, true};
}

std::vector<float> whole(const tensor_spec& spec, std::uint64_t seed) {
  std::vector<float> result(spec.size());
  initialize(spec, seed, 0, result.data(), result.size());
  return result;
}

} // namespace

TEST_CASE("an element starts the same wherever the tensor is cut") {
  for (auto kind :
       {initializer::kind::zeros, initializer::kind::normal, initializer::kind::uniform, initializer::kind::constant}) {
    auto spec = tensor("layers.0.weight", kind, 0.5f);
    auto expected = whole(spec, 4);
    for (std::size_t piece : {1u, 7u, 50u, 4999u}) {
      std::vector<float> found(spec.size(), 99);
      for (std::size_t first = 0; first < found.size(); first += piece)
        initialize(spec, 4, first, found.data() + first, std::min(piece, found.size() - first));
      CHECK(found == expected);
    }
  }
}

TEST_CASE("initial values depend on the seed and the tensor's name") {
  auto spec = tensor("a", initializer::kind::normal, 1);
  CHECK(whole(spec, 1) == whole(spec, 1));
  CHECK(whole(spec, 1) != whole(spec, 2));
  CHECK(whole(spec, 1) != whole(tensor("b", initializer::kind::normal, 1), 1));
}

TEST_CASE("initial values have the distribution that was asked for") {
  double squares = 0, largest = 0;
  for (double value : whole(tensor("a", initializer::kind::normal, 0.25f), 1))
    squares += value * value;
  CHECK(std::sqrt(squares / 5000) == doctest::Approx(0.25).epsilon(0.05));
  for (auto value : whole(tensor("a", initializer::kind::uniform, 0.25f), 1))
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  CHECK(largest <= 0.25);
  CHECK(largest > 0.24);
  for (auto value : whole(tensor("a", initializer::kind::zeros, 1), 1))
    CHECK(value == 0);
  for (auto value : whole(tensor("a", initializer::kind::constant, 3.53f), 1))
    CHECK(value == 3.53f);
}

TEST_CASE("a row is everything under one outermost index") {
  const tensor_spec spec{"a", {2, 3, 4}, {}, true};
  CHECK(spec.rows() == 2);
  CHECK(spec.row_size() == 12);
  CHECK(spec.size() == 24);
}

} // namespace drover

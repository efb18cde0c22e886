#include "drover/models/data/dense_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"

namespace drover {

TEST_CASE("samples are read in the order that is asked for, more than once if asked") {
  const dense_dataset data({.features = 2, .classes = 3}, std::vector<float>{1, 2, 3, 4, 5, 6}, {0, 1, 2});
  std::vector<float> features(6);
  std::vector<std::uint32_t> labels(3);
  data.read(std::vector<std::uint32_t>{2, 0, 2}, features, labels);
  CHECK(features == std::vector<float>{5, 6, 1, 2, 5, 6});
  CHECK(labels == std::vector<std::uint32_t>{2, 0, 2});
}

TEST_CASE("values and labels that do not fit are refused with a sentence") {
  auto make = [](std::size_t values, std::vector<std::uint32_t> labels) {
    return test::refusal(
        [&] { dense_dataset({.features = 2, .classes = 3}, std::vector<float>(values), std::move(labels)); });
  };
  CHECK(make(5, {0, 1}) == "a data set has 2 labels and 5 values, needs 2 values a label");
  CHECK(make(6, {0, 1}) == "a data set has 2 labels and 6 values, needs 2 values a label");
  CHECK(make(4, {0, 3}) == "sample 1 has label 3: labels must be below 3");
  const dense_dataset data({.features = 1, .classes = 1}, std::vector<float>{1}, {0});
  std::vector<float> features(1);
  std::vector<std::uint32_t> labels(1);
  CHECK(test::refusal([&] { data.read(std::vector<std::uint32_t>{1}, features, labels); }) ==
        "there is no sample 1 in a data set of 1");
}

} // namespace drover

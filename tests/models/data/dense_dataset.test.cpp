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

TEST_CASE("bytes are read as they are kept, and mean 0 to 1") {
  const dense_dataset data({.features = 2, .classes = 3}, std::vector<std::uint8_t>{0, 51, 255, 102, 1, 2}, {0, 1, 2});
  std::vector<std::uint8_t> bytes(4);
  std::vector<float> features(4);
  std::vector<std::uint32_t> labels(2);
  CHECK(data.keeps_bytes());
  data.read_bytes(std::vector<std::uint32_t>{1, 0}, bytes, labels);
  CHECK(bytes == std::vector<std::uint8_t>{255, 102, 0, 51});
  CHECK(labels == std::vector<std::uint32_t>{1, 0});
  data.read(std::vector<std::uint32_t>{1, 0}, features, labels);
  CHECK(features == std::vector<float>{1, 102 / 255.0f, 0, 51 / 255.0f});
  CHECK(test::refusal([&] {
          data.read_bytes(std::vector<std::uint32_t>{3, 0}, bytes, labels);
        }) == "there is no sample 3 in a data set of 3");
}

TEST_CASE("data that are kept as floats have no bytes to be read") {
  const dense_dataset data({.features = 1, .classes = 1}, std::vector<float>{1}, {0});
  std::vector<std::uint8_t> bytes(1);
  std::vector<std::uint32_t> labels(1);
  CHECK(!data.keeps_bytes());
  CHECK_THROWS_AS(data.read_bytes(std::vector<std::uint32_t>{0}, bytes, labels), std::logic_error);
}

} // namespace drover

#include "drover/models/data/sparse_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <stdexcept>
#include <vector>

namespace drover {

namespace {

data_shape three_features() {
  data_shape result;
  result.features = 3;
  result.classes = 2;
  return result;
}

sparse_rows rows() {
  return {.ends = {1, 1, 4}, .columns = {1, 0, 2, 7}, .values = {5, 1, 2, 9}, .labels = {0, 0, 0}};
}

} // namespace

TEST_CASE("sparse rows are read with all their features, without those that nothing was learned of") {
  sparse_dataset data{three_features(), rows(), {1, 0, 1}};
  CHECK(data.size() == 3);
  std::vector<float> features(9, 42);
  std::vector<std::uint32_t> labels(3);
  data.read(std::vector<std::uint32_t>{2, 0, 1}, features, labels);
  CHECK(features == std::vector<float>{1, 0, 2, 0, 5, 0, 0, 0, 0});
  CHECK(labels == std::vector<std::uint32_t>{1, 1, 0});
}

TEST_CASE("sparse rows refuse classes and samples that are not there") {
  CHECK_THROWS_AS((sparse_dataset{three_features(), rows(), {1, 0}}), std::invalid_argument);
  CHECK_THROWS_AS((sparse_dataset{three_features(), rows(), {1, 0, 2}}), std::invalid_argument);
  auto wrong = rows();
  wrong.values.pop_back();
  CHECK_THROWS_AS((sparse_dataset{three_features(), wrong, {1, 0, 1}}), std::invalid_argument);
  wrong = rows();
  wrong.ends[0] = 5;
  CHECK_THROWS_AS((sparse_dataset{three_features(), wrong, {1, 0, 1}}), std::invalid_argument);
  sparse_dataset data{three_features(), rows(), {1, 0, 1}};
  std::vector<float> features(3);
  std::vector<std::uint32_t> labels(1);
  CHECK_THROWS_AS(data.read(std::vector<std::uint32_t>{3}, features, labels), std::invalid_argument);
  CHECK_THROWS_AS(data.read(std::vector<std::uint32_t>{0, 1}, features, labels), std::invalid_argument);
}

} // namespace drover

#include "drover/models/data/sparse_dataset.hpp"

#include "drover/models/data/dense_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
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

TEST_CASE("sparse rows are given as they are, without features that nothing was learned of") {
  sparse_dataset data{three_features(), rows(), {1, 0, 1}};
  REQUIRE(data.rows() != nullptr);
  CHECK(std::ranges::equal(data.rows()->columns, std::vector<std::uint32_t>{1, 0, 2}));
  CHECK(std::ranges::equal(data.rows()->values, std::vector<float>{5, 1, 2}));
  CHECK(std::ranges::equal(data.rows()->ends, std::vector<std::uint64_t>{1, 1, 3}));
  CHECK(std::ranges::equal(data.classes(), std::vector<std::uint32_t>{1, 0, 1}));
  std::vector<std::uint32_t> where(2);
  data.locate(std::vector<std::uint32_t>{2, 0}, where);
  CHECK(where == std::vector<std::uint32_t>{2, 0});
  // Taken out between others, too.
  sparse_rows many{.ends = {2, 4, 5}, .columns = {2, 3, 0, 9, 3}, .values = {1, 2, 3, 4, 5}, .labels = {0, 0, 0}};
  sparse_dataset fewer{three_features(), many, {0, 0, 0}};
  CHECK(std::ranges::equal(fewer.rows()->columns, std::vector<std::uint32_t>{2, 0}));
  CHECK(std::ranges::equal(fewer.rows()->values, std::vector<float>{1, 3}));
  CHECK(std::ranges::equal(fewer.rows()->ends, std::vector<std::uint64_t>{1, 2, 2}));
}

TEST_CASE("sparse rows whose labels are numbers have no classes and are not read with all features") {
  sparse_dataset data{{.features = 3}, rows(), {}};
  CHECK(data.shape().classes == 0);
  CHECK(data.classes().empty());
  CHECK(std::ranges::equal(data.rows()->labels, std::vector<float>{0, 0, 0}));
  std::vector<float> features(3);
  std::vector<std::uint32_t> labels(1);
  CHECK_THROWS_AS(data.read(std::vector<std::uint32_t>{0}, features, labels), std::logic_error);
  CHECK_THROWS_AS((sparse_dataset{{.features = 3}, rows(), {0, 0, 0}}), std::invalid_argument);
  CHECK_THROWS_AS((sparse_dataset{three_features(), rows(), {}}), std::invalid_argument);
}

TEST_CASE("samples with all features become sparse rows, with classes or numbers") {
  dense_dataset image{{.features = 4, .classes = 2, .height = 2, .width = 2, .channels = 1},
                      std::vector<std::uint8_t>{0, 255, 0, 51, 0, 0, 0, 0},
                      {1, 0}};
  auto sparse = make_sparse(image, true);
  CHECK(sparse->shape().features == 4);
  CHECK(sparse->shape().classes == 2);
  CHECK(!sparse->shape().is_image());
  CHECK(std::ranges::equal(sparse->rows()->columns, std::vector<std::uint32_t>{1, 3}));
  CHECK(std::ranges::equal(sparse->rows()->values, std::vector<float>{1, 0.2f}));
  CHECK(std::ranges::equal(sparse->rows()->labels, std::vector<float>{1, 0}));
  CHECK(std::ranges::equal(sparse->classes(), std::vector<std::uint32_t>{1, 0}));
  auto numbers = make_sparse(image, false);
  CHECK(numbers->shape().classes == 0);
  CHECK(std::ranges::equal(numbers->rows()->labels, std::vector<float>{1, 0}));
}

} // namespace drover

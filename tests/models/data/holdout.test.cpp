#include "drover/models/data/holdout.hpp"

#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace drover {

namespace {

/// Sample i has i as its one feature.
std::shared_ptr<const dataset> numbered(std::size_t count) {
  std::vector<float> features(count);
  std::iota(features.begin(), features.end(), 0.0f);
  return std::make_shared<dense_dataset>(data_shape{.features = 1, .classes = 1}, std::move(features),
                                         std::vector<std::uint32_t>(count));
}

std::vector<float> everything(const dataset& data) {
  std::vector<std::uint32_t> indices(data.size()), labels(data.size());
  std::iota(indices.begin(), indices.end(), 0u);
  std::vector<float> result(data.size());
  data.read(indices, result, labels);
  return result;
}

} // namespace

TEST_CASE("held out samples and the rest are all samples, none twice, in their former order") {
  for (double share : {0.001, 0.1, 0.5, 0.999}) {
    auto parts = hold_out(numbered(200), share, 3);
    auto [train, test] = std::pair{parts.train, parts.test};
    CHECK(test->size() == std::clamp<std::size_t>(static_cast<std::size_t>(share * 200 + 0.5), 1, 199));
    auto all = everything(*train);
    auto held = everything(*test);
    CHECK(std::ranges::is_sorted(all));
    CHECK(std::ranges::is_sorted(held));
    all.insert(all.end(), held.begin(), held.end());
    std::ranges::sort(all);
    CHECK(all == everything(*numbered(200)));
  }
}

TEST_CASE("the seed decides which samples are held out") {
  auto held = [](std::uint64_t seed) { return everything(*hold_out(numbered(200), 0.2, seed).test); };
  CHECK(held(1) == held(1));
  CHECK(held(1) != held(2));
  CHECK(held(1).back() > 100);
}

TEST_CASE("held out samples of sparse rows and ratings are told by their places among all") {
  sparse_rows rows;
  std::vector<std::uint32_t> classes;
  for (std::uint32_t i = 0; i < 20; ++i) {
    add_row(rows, std::vector<float>{static_cast<float>(i)}, 0);
    classes.push_back(i % 2);
  }
  auto all = std::make_shared<sparse_dataset>(data_shape{.features = 1, .classes = 2}, rows, classes);
  auto parts = hold_out(all, 0.25, 3);
  auto nested = hold_out(parts.train, 0.4, 4);
  for (const auto& part : {parts.train, parts.test, nested.train, nested.test}) {
    CHECK(part->rows() == all->rows());
    CHECK(part->classes().data() == all->classes().data());
    CHECK(part->ratings().empty());
    std::vector<std::uint32_t> samples(part->size()), where(part->size()), labels(part->size());
    std::iota(samples.begin(), samples.end(), 0u);
    part->locate(samples, where);
    std::vector<float> features(part->size());
    part->read(samples, features, labels);
    for (std::size_t i = 0; i < where.size(); ++i)
      CHECK(features[i] == static_cast<float>(where[i]));
  }
}

TEST_CASE("a share that leaves one side without samples is refused") {
  CHECK(test::refusal([] { static_cast<void>(hold_out(numbered(1), 0.5, 1)); }) ==
        "holdout needs at least 2 samples, there are 1");
  CHECK(test::refusal([] { static_cast<void>(hold_out(numbered(9), 1, 1)); }) ==
        "holdout is 1.000000: a share above 0 and below 1 is needed");
}

} // namespace drover

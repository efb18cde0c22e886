#include "drover/models/data/data_facts.hpp"

#include "drover/models/data/holdout.hpp"
#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <memory>
#include <vector>

namespace drover {

namespace {

/// Three rows that have up to three features.
sparse_rows rows_for_facts() {
  return {.ends = {2, 3, 5}, .columns = {0, 2, 2, 1, 2}, .values = {1, 1, 1, 1, 1}, .labels = {0, 1, 0}};
}

std::shared_ptr<const dataset> data_for_facts() {
  data_shape shape;
  shape.features = 4;
  shape.classes = 2;
  return std::make_shared<sparse_dataset>(shape, rows_for_facts(), std::vector<std::uint32_t>{0, 1, 0});
}

/// What somebody else's data set may say: fewer features than its rows have.
class understated final : public dataset {
public:
  std::size_t size() const override { return rows_.size(); }
  data_shape shape() const override { return {.features = 2, .classes = 2}; }
  void read(std::span<const std::uint32_t>, std::span<float>, std::span<std::uint32_t>) const override {}
  const sparse_rows_view* rows() const override { return &view_; }

private:
  sparse_rows rows_ = rows_for_facts();
  sparse_rows_view view_ = rows_.view();
};

} // namespace

TEST_CASE("a feature's share is one over the samples to train on that have it") {
  auto all = data_for_facts();
  CHECK(*facts_of(*all, sample_kind::rows).shares == std::vector<float>{1, 1, 1.0f / 3, 0});
  auto part = hold_out(all, 0.34, 1).train; // two rows: each has feature 2
  CHECK((*facts_of(*part, sample_kind::rows).shares)[2] == 0.5f);
  CHECK(facts_of(*all, sample_kind::features).shares == nullptr);
}

TEST_CASE("ratings have a mean") {
  ratings_dataset all{{{0, 0, 1}, {1, 0, 2}, {1, 1, 6}}, 2, 2};
  CHECK(facts_of(all, sample_kind::ratings).rating_mean == 3);
}

TEST_CASE("what a model would find beyond its parameters is refused") {
  auto refusal = [](auto look) { return test::refusal([&] { look(); }); };
  CHECK(refusal([] { static_cast<void>(facts_of(understated{}, sample_kind::rows)); }) ==
        "a row has column 2: the data have 2 features");
  ratings_dataset unknown{{{0, rating_unknown, 1}}, 1, 1};
  CHECK(refusal([&] { static_cast<void>(facts_of(unknown, sample_kind::ratings)); }) ==
        "a rating is of user 0 and item 4294967295: there are 1 users and 1 items");
  CHECK_NOTHROW(check_indices(unknown, sample_kind::ratings));
}

} // namespace drover

// Jobs on real ratings, where Debian's r-cran-dslabs is installed.

#include "drover/models/data/holdout.hpp"
#include "drover/models/data/ratings_dataset.hpp"

#include <doctest/doctest.h>

#include "tests/actors/factor_jobs.hpp"
#include "tests/models/data/r_data.hpp"
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace drover;

namespace {

std::optional<dataset_pair> movielens_data() {
  auto all = test::find_movielens();
  if (!all) {
    MESSAGE("SKIPPED: MovieLens is not installed, Debian's package r-cran-dslabs");
    return std::nullopt;
  }
  auto index = [](std::map<std::int32_t, std::uint32_t>& known, std::int32_t id) {
    return known.emplace(id, static_cast<std::uint32_t>(known.size())).first->second;
  };
  std::map<std::int32_t, std::uint32_t> users, items;
  std::vector<rating> ratings;
  for (std::size_t i = 0; i < all->ratings.size(); ++i)
    ratings.push_back({index(users, all->users[i]), index(items, all->movies[i]), static_cast<float>(all->ratings[i])});
  return hold_out(std::make_shared<ratings_dataset>(std::move(ratings), users.size(), items.size()), 0.2, 1);
}

double movielens_rmse(const std::string& consistency, std::uint32_t workers, const dataset_pair& data) {
  auto what = test::factor_job(consistency, workers, 40);
  what->setModel("mf:rank=20");
  what->setLearningRate(0.01);
  what->setL2(0.1);
  return test::held_out_rmse(what, data);
}

} // namespace

TEST_CASE("blocks of ratings teach MovieLens as well as one worker that sees them all, within 0.003" *
          doctest::test_suite("movielens")) {
  auto data = movielens_data();
  if (!data)
    return;
  auto alone = movielens_rmse("hogwild", 1, *data);
  for (const std::string consistency : {"dsgd", "nomad"})
    for (std::uint32_t workers : {2u, 4u}) {
      auto together = movielens_rmse(consistency, workers, *data);
      MESSAGE("root mean square error, one worker: " << alone << ", " << workers << " by " << consistency << ": "
                                                     << together);
      CHECK(together <= 0.885);
      CHECK(std::abs(together - alone) < 0.003);
    }
}

#include "drover/models/data/load_ratings.hpp"

#include <doctest/doctest.h>

#include "data/r_data.hpp"
#include "temporary_folder.hpp"
#include <numeric>
#include <set>
#include <sstream>
#include <string>

namespace drover {

namespace {

std::string movielens_csv(const test::movielens_ratings& all, std::size_t count) {
  std::ostringstream result;
  result << "userId,movieId,rating\n";
  for (std::size_t i = 0; i < count; ++i)
    result << all.users[i] << ',' << all.movies[i] << ',' << all.ratings[i] << '\n';
  return result.str();
}

} // namespace

TEST_CASE("MovieLens' small data set is read as it is known" * doctest::test_suite("movielens")) {
  auto all = test::find_movielens();
  if (!all) {
    MESSAGE("SKIPPED: MovieLens is not installed, Debian's package r-cran-dslabs");
    return;
  }
  REQUIRE(all->ratings.size() == 100'004);
  REQUIRE(all->users.size() == all->ratings.size());
  REQUIRE(all->movies.size() == all->ratings.size());
  CHECK(std::set(all->users.begin(), all->users.end()).size() == 671);
  CHECK(std::set(all->movies.begin(), all->movies.end()).size() == 9'066);
  CHECK(std::accumulate(all->ratings.begin(), all->ratings.end(), 0.0) / 100'004 ==
        doctest::Approx(3.543608).epsilon(1e-6));

  test::temporary_folder folder;
  auto data = folder.write("ratings.csv", movielens_csv(*all, all->ratings.size()));
  auto test_data = folder.write("test.csv", movielens_csv(*all, 100));
  auto loaded = load_ratings({.data = data, .test_data = test_data, .rating_min = 0.5f, .rating_max = 5});
  CHECK(loaded.train->shape().users == 671);
  CHECK(loaded.train->shape().items == 9'066);
  CHECK(loaded.test->size() == 100);
  auto ratings = loaded.train->ratings();
  REQUIRE(ratings.size() == all->ratings.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < ratings.size(); ++i)
    wrong += loaded.names->users[ratings[i].user] != std::to_string(all->users[i]) ||
             loaded.names->items[ratings[i].item] != std::to_string(all->movies[i]) ||
             static_cast<double>(ratings[i].value) != all->ratings[i];
  CHECK(wrong == 0);
}

} // namespace drover

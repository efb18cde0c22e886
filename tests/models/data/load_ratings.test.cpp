#include "drover/models/data/load_ratings.hpp"

#include "drover/models/data/ratings_text.hpp"

#include <doctest/doctest.h>

#include "files.hpp"
#include "temporary_folder.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace drover {

namespace {

std::string refusal_to_load(const data_source& source, const rating_names* like = nullptr) {
  return test::refusal([&source, like] { static_cast<void>(load_ratings(source, like)); });
}

} // namespace

TEST_CASE("ratings are loaded with data to test on, plain or packed, whose separator is their own") {
  test::temporary_folder folder;
  auto data = folder.write("a.csv", "user,item,rating\na,x,1\nb,y,2\nb,x,3\n");
  auto test_data = folder.write("b.gz", test::gzip("b::x::4\nc::y::5\na::z::6\n"));
  auto [train, test, columns, names, skipped, first, notes] = load_ratings({.data = data, .test_data = test_data});
  REQUIRE(names);
  CHECK(*names == rating_names{{"a", "b"}, {"x", "y"}});
  CHECK_FALSE(columns);
  CHECK(skipped == 0);
  CHECK(first.empty());
  CHECK(train->size() == 3);
  CHECK(train->ratings().size() == 3);
  for (const auto& each : {train, test}) {
    CHECK(each->shape().users == 2);
    CHECK(each->shape().items == 2);
    CHECK(each->shape().features == 0);
    CHECK(each->shape().classes == 0);
  }
  REQUIRE(test->ratings().size() == 3);
  CHECK(test->ratings()[0].user == 1);
  CHECK(test->ratings()[0].item == 0);
  CHECK(test->ratings()[1].user == rating_unknown);
  CHECK(test->ratings()[1].item == 1);
  CHECK(test->ratings()[2].user == 0);
  CHECK(test->ratings()[2].item == rating_unknown);
}

TEST_CASE("a share of ratings is held out, and names are those of all") {
  test::temporary_folder folder;
  auto data = folder.write("a.tsv.gz", test::gzip("a\tx\t1\nb\ty\t2\nc\tz\t3\nd\tw\t4\n"));
  auto loaded = load_ratings({.data = data, .holdout = 0.25});
  CHECK(loaded.train->size() == 3);
  CHECK(loaded.test->size() == 1);
  CHECK(loaded.train->shape().users == 4);
  CHECK(loaded.test->shape().items == 4);
  REQUIRE(loaded.names);
  CHECK(loaded.names->users == std::vector<std::string>{"a", "b", "c", "d"});
  std::vector<std::uint32_t> held{0};
  std::vector<std::uint32_t> kept{0, 1, 2};
  loaded.test->locate(held, held);
  loaded.train->locate(kept, kept);
  auto all = loaded.test->ratings();
  REQUIRE(all.size() == 4);
  CHECK(all.data() == loaded.train->ratings().data());
  float sum = all[held[0]].value;
  for (auto where : kept)
    sum += all[where].value;
  CHECK(sum == 1 + 2 + 3 + 4);
}

TEST_CASE("with the names of other ratings, all that are loaded mean those") {
  test::temporary_folder folder;
  auto data = folder.write("a.txt", "a x 1\nb y 2\n");
  auto test_data = folder.write("b.txt", "b x 1\n");
  rating_names like{{"c", "b"}, {"y", "q", "x"}};
  auto loaded = load_ratings({.data = data, .test_data = test_data}, &like);
  REQUIRE(loaded.names);
  CHECK(*loaded.names == like);
  CHECK(loaded.train->shape().items == 3);
  CHECK(loaded.train->ratings()[0].user == rating_unknown);
  CHECK(loaded.train->ratings()[0].item == 2);
  CHECK(loaded.train->ratings()[1].user == 1);
  CHECK(loaded.test->ratings()[0].user == 1);
}

TEST_CASE("bad lines of ratings may be so many in each file, and the first is told") {
  test::temporary_folder folder;
  auto data = folder.write("a.txt", "a x 1\nb y 7\n");
  auto test_data = folder.write("b.txt", "b x 1\nb x\n");
  data_source source{.data = data, .test_data = test_data, .lines_skipped_max = 1, .rating_min = 1, .rating_max = 5};
  auto loaded = load_ratings(source);
  CHECK(loaded.lines_skipped == 2);
  auto first = data.string() + ", line 2, column 5: a rating is 7: 1 to 5 are allowed";
  CHECK(loaded.first_skipped == first + " (1 in " + data.string() + ", 1 in " + test_data.string() + ")");
  CHECK(loaded.names->users == std::vector<std::string>{"a"});
  source.test_data = folder.write("c.txt", "b x\nb x 1\nb x\n");
  CHECK(refusal_to_load(source) == source.test_data.string() +
                                       ", line 3, column 4: a rating is written USER ITEM RATING, " +
                                       "and there are fewer than three fields between blanks (1 bad lines before it "
                                       "were skipped)");
  source.lines_skipped_max = 0;
  CHECK(refusal_to_load(source) == first);
}

TEST_CASE("files without ratings are refused") {
  test::temporary_folder folder;
  auto none = folder.write("none.csv", "user,item,rating\n\n");
  auto data = folder.write("a.csv", "a,x,1\nb,y,2\n");
  CHECK(refusal_to_load({.data = none, .holdout = 0.5}) == none.string() + ": there are no ratings");
  CHECK(refusal_to_load({.data = data, .test_data = none}) == none.string() + ": there are no ratings");
  CHECK(refusal_to_load({.data = folder.write("empty", ""), .holdout = 0.5}) ==
        (folder.path() / "empty").string() + ": there are no ratings");
  CHECK(refusal_to_load({.holdout = 0.5}) == "no data are named: a file of ratings is needed");
  CHECK(refusal_to_load({.data = folder.path(), .holdout = 0.5}) ==
        folder.path().string() + " is a folder: a file of ratings is needed");
  CHECK(refusal_to_load({.data = data, .test_data = folder.path()}) ==
        folder.path().string() + " is a folder: a file of ratings is needed");
  CHECK(refusal_to_load({.data = folder.path() / "missing", .holdout = 0.5}) ==
        (folder.path() / "missing").string() + " does not exist: a data file is needed there");
}

TEST_CASE("what is asked of ratings must fit together") {
  test::temporary_folder folder;
  auto data = folder.write("a.csv", "a,x,1\nb,y,2\n");
  auto one = folder.write("one.csv", "a,x,1\n");
  CHECK(refusal_to_load({.data = data}) ==
        data.string() + " comes without data to test on: give a test file or a holdout, as in 0.1");
  CHECK(refusal_to_load({.data = data, .test_data = one, .holdout = 0.5}) ==
        "holdout is 0.500000, but " + data.string() + " comes with data to test on: give one of the two");
  CHECK(refusal_to_load({.data = data, .holdout = 1}) == "holdout is 1.000000: a share from 0 and below 1 is allowed");
  CHECK(refusal_to_load({.data = one, .holdout = 0.5}) ==
        one.string() + ": holdout needs at least 2 samples, there are 1");
  CHECK(refusal_to_load({.data = data, .holdout = 0.5, .label_column = "x"}) ==
        "a label column, x, is given, but " + data.string() + " holds ratings: users, items and numbers in this order");
  CHECK(refusal_to_load({.data = data, .holdout = 0.5, .rating_min = 5, .rating_max = 1}) ==
        "ratings from 5.000000 to 1.000000 are asked for: the first has to be the smaller");
  rating_names twice{{"a"}, {"x", "x"}};
  CHECK(refusal_to_load({.data = data, .holdout = 0.5}, &twice) == "names of ratings have the item 'x' twice");
}

} // namespace drover

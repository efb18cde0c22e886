#include "drover/models/data/data_cache.hpp"

#include "drover/models/data/data_facts.hpp"

#include <doctest/doctest.h>

#include "data/cached_files.hpp"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

// What is read of text is the same with a cache.

namespace drover {

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> result;
  for (const auto& each : std::filesystem::directory_iterator{folder})
    result.push_back(each.path());
  return result;
}

} // namespace

TEST_CASE("what comes from a cache is what was read, bit for bit, for each format") {
  for (std::size_t i = 0; i < 10; ++i) {
    test::cached_files files; // with no cache yet
    REQUIRE(files.sources().size() == 10);
    const auto& source = files.sources()[i];
    CAPTURE(source.data);
    CAPTURE(i);
    auto plain = test::load_any(source);
    CHECK_FALSE(std::filesystem::exists(test::beside(source.data)));
    auto first = test::load_any(test::with_cache(source));
    CHECK(std::filesystem::exists(test::beside(source.data)));
    CHECK(std::filesystem::exists(test::beside(source.test_data)) != source.test_data.empty());
    auto second = test::load_any(test::with_cache(source));
    for (const auto* loaded : {&first, &second}) {
      CHECK(test::same(*loaded, plain));
      CHECK(loaded->notes.empty());
    }
    auto facts = facts_of(*second.train, source.kind);
    auto plain_facts = facts_of(*plain.train, source.kind);
    CHECK(facts.rating_mean == plain_facts.rating_mean);
    CHECK((facts.shares == nullptr || *facts.shares == *plain_facts.shares));
  }
}

TEST_CASE("the cache is what is read, and not the text") {
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1 5:2\n0 2:3\n");
  auto source = test::with_cache({.data = text, .test_data = text, .kind = sample_kind::rows});
  static_cast<void>(load_data(source));
  auto bytes = test::bytes_of(test::beside(text));
  auto values = bytes.find(std::string{"\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40", 12});
  REQUIRE(values != std::string::npos);
  CHECK(values % 64 == 0);
  bytes.replace(values, 4, std::string{"\0\0\0\x41", 4});
  test::put(test::beside(text), bytes);
  auto loaded = load_data(source);
  CHECK(std::ranges::equal(loaded.train->rows()->values, std::vector<float>{8, 2, 3}));
  CHECK(loaded.notes.empty());
}

TEST_CASE("a cache of other data or options is made anew, and says why") {
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1 5:2\n0 2:3\n");
  auto source = test::with_cache({.data = text, .holdout = 0.5, .kind = sample_kind::rows});
  auto note_of = [](const data_source& from) {
    auto loaded = load_data(from);
    auto plain = from;
    plain.data_cache = "off";
    CHECK(test::same(loaded, load_data(plain)));
    CHECK(loaded.notes.size() <= 1);
    CHECK(load_data(from).notes.empty()); // made anew
    return loaded.notes.empty() ? "none" : loaded.notes.front();
  };
  auto begin = "data cache " + test::beside(text).string() + " is made anew: ";
  CHECK(note_of(source) == "none");
  folder.write("a.svm", "1 1:1 5:2\n0 2:4\n1 1:7\n");
  CHECK(note_of(source) == begin + "the data were changed since it was made");
  std::filesystem::last_write_time(text, std::filesystem::last_write_time(text) + std::chrono::nanoseconds{1});
  CHECK(note_of(source) == begin + "the data were changed since it was made");
  source.hash_bits = 4;
  CHECK(note_of(source) == begin +
                               "it was made of SVM text for rows with classes as labels, 0 hash bits, and SVM text for "
                               "rows with classes as labels, 4 hash bits are wanted");
  source.has_classes = false;
  CHECK(note_of(source).starts_with(begin + "it was made of "));
  CHECK(note_of(test::with_cache({.data = text, .holdout = 0.5})).starts_with(begin + "it was made of "));

  auto ratings = folder.write("r.csv", "a,b,3\nc,d,4\n");
  auto rated = test::with_cache({.data = ratings, .holdout = 0.5, .kind = sample_kind::ratings, .has_classes = false});
  CHECK(load_ratings(rated).notes.empty());
  rated.rating_min = std::nextafter(3.0f, 0.0f);
  CHECK(load_ratings(rated).notes.size() == 1);
  CHECK(load_ratings(rated).notes.empty());
}

TEST_CASE("a cache serves those who know the columns or names as well, where these are the ones that were found") {
  for (std::size_t i : {1u, 5u, 6u, 7u, 9u}) {
    test::cached_files files;
    auto source = files.sources()[i];
    CAPTURE(i);
    source.lines_skipped_max = 9;
    auto learned = test::load_any(test::with_cache(source));
    auto again = test::load_any(test::with_cache(source), &learned);
    CHECK(again.notes.size() == (learned.lines_skipped == 0 ? 0 : 1));
    CHECK(test::same(again, test::load_any(source, &learned)));
  }
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1 5:2\n0 2:3\n");
  auto source = test::with_cache({.data = text, .holdout = 0.5, .kind = sample_kind::rows});
  auto learned = load_data(source);
  learned.columns->columns = 4; // nothing was learned of 5
  auto fewer = load_data(source, &*learned.columns);
  REQUIRE(fewer.notes.size() == 1);
  CHECK(fewer.notes.front().ends_with("it was made for other columns"));
  CHECK(fewer.train->rows()->columns.size() == 2);
  CHECK(load_data(source, &*learned.columns).notes.empty());
  CHECK(load_data(source).train->rows()->columns.size() == 3);
}

TEST_CASE("a line that cannot be read is told from a cache as from the text, and refused as often") {
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1\nx\n0 2:3\n1 y\n");
  auto source = test::with_cache({.data = text, .holdout = 0.5, .kind = sample_kind::rows, .lines_skipped_max = 2});
  static_cast<void>(load_data(source));
  auto other_way = folder.path() / "." / "a.svm";
  source.data = other_way;
  auto loaded = load_data(source);
  CHECK(loaded.notes.empty());
  CHECK(loaded.lines_skipped == 2);
  CHECK(loaded.first_skipped == other_way.string() + ", line 2, column 1: a label has to be a number");
  source.lines_skipped_max = 1;
  CHECK(test::refusal([&] { static_cast<void>(load_data(source)); }) ==
        other_way.string() +
            ", line 4, column 3: a feature is written ID:VALUE, with a whole number as ID (1 bad lines "
            "before it were skipped)");
}

TEST_CASE("caches of files of one name lie side by side in a folder") {
  test::temporary_folder first, second, caches;
  auto one = first.write("a.svm", "1 1:1\n0 2:3\n");
  auto other = second.write("a.svm", "1 1:1\n0 2:4\n");
  for (int i = 0; i < 2; ++i)
    for (const auto& text : {one, other}) {
      auto source = data_source{.data = text, .holdout = 0.5, .kind = sample_kind::rows};
      auto loaded = load_data(test::with_cache(source, caches.path()));
      CHECK(loaded.notes.empty());
      CHECK(test::same(loaded, load_data(source)));
    }
  CHECK(files_in(caches.path()).size() == 2);
  CHECK(files_in(first.path()).size() == 1);
}

TEST_CASE("a cache that cannot be written is done without, and leaves nothing behind") {
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1\n0 2:3\n");
  auto source = data_source{.data = text, .holdout = 0.5, .kind = sample_kind::rows};
  auto loaded = load_data(test::with_cache(source, folder.path() / "none"));
  CHECK(test::same(loaded, load_data(source)));
  REQUIRE(loaded.notes.size() == 1);
  CHECK(loaded.notes.front().ends_with(" is not written: there can be no temporary file in " +
                                       (folder.path() / "none").string() + ": No such file or directory"));
  std::filesystem::create_directory(test::beside(text));
  auto blocked = load_data(test::with_cache(source));
  CHECK(test::same(blocked, load_data(source)));
  CHECK(blocked.notes.size() == 2); // it is no file, and cannot be replaced
  auto ratings = folder.write("r.csv", "a,b,3\nc,d,4\n");
  auto rated = data_source{.data = ratings, .holdout = 0.5, .kind = sample_kind::ratings, .has_classes = false};
  auto plain = load_ratings(test::with_cache(rated, folder.path() / "none"));
  CHECK(test::same(plain, load_ratings(rated)));
  REQUIRE(plain.notes.size() == 1);
  CHECK(plain.notes.front().find(" is not written: cannot save ") != std::string::npos);
  CHECK(files_in(folder.path()).size() == 3);
}

TEST_CASE("rows of many pieces of text are the same where all of them are never in memory") {
  test::temporary_folder folder;
  std::string text;
  for (unsigned i = 0; text.size() < (std::size_t{9} << 20); ++i) {
    text += i % 3 == 0 ? "1" : "-1";
    for (unsigned k = 0; k < i % 40; ++k)
      text += " " + std::to_string(k * 50 + i % 50) + ":0." + std::to_string(i % 977);
    text += i % 5000 == 4999 ? " x\n" : "\n";
  }
  auto many = folder.write("many.svm", text);
  auto few = folder.write("few.svm", "1 1:1 30:2\n-1 2:3\n");
  for (const auto& [train, other] : {std::pair{many, few}, std::pair{few, many}}) {
    auto source = data_source{.data = train, .test_data = other, .kind = sample_kind::rows, .lines_skipped_max = 1000};
    auto plain = load_data(source);
    CHECK(test::same(load_data(test::with_cache(source)), plain));
    CHECK(test::same(load_data(test::with_cache(source)), plain));
  }
}

} // namespace drover

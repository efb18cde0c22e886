#include "drover/models/data/cache_file.hpp"

#include <doctest/doctest.h>

#include "data/cached_files.hpp"
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

// What is read of text is the same, whatever lies where its cache does.

namespace drover {

namespace {

template <class T>
T number_at(const std::string& bytes, std::size_t place) {
  T result{};
  std::memcpy(&result, bytes.data() + place, sizeof result);
  return result;
}

} // namespace

TEST_CASE("a cache that is cut off, flipped, foreign or of another format is made anew") {
  for (std::size_t i : {0u, 8u}) {
    test::cached_files files;
    const auto& source = files.sources()[i];
    auto cache = test::beside(source.data);
    auto plain = test::load_any(source);
    static_cast<void>(test::load_any(test::with_cache(source)));
    const auto good = test::bytes_of(cache);
    auto sections = number_at<std::uint32_t>(good, 12);
    auto head = 64 + 16 * std::size_t{sections} + number_at<std::uint64_t>(good, 16);
    std::vector<std::string> bad{"", "x", std::string(64, '\0'), std::string(5000, 'x'), good + "x"};
    for (std::size_t border : {std::size_t{0}, std::size_t{64}, head, good.size()})
      for (std::size_t cut = border == 0 ? 0 : border - 1; cut <= border + 1 && cut < good.size(); ++cut)
        bad.push_back(good.substr(0, cut));
    for (std::uint32_t section = 0; section < sections; ++section) {
      auto begin = number_at<std::uint64_t>(good, 64 + 16 * section);
      auto end = begin + number_at<std::uint64_t>(good, 64 + 16 * section + 8);
      for (auto cut : {begin - 1, begin, begin + 1, end - 1, end})
        if (cut < good.size())
          bad.push_back(good.substr(0, cut));
    }
    for (std::size_t place = 0; place < head; ++place) {
      bad.push_back(good);
      bad.back()[place] = static_cast<char>(bad.back()[place] ^ 0x10);
    }
    std::size_t unnoticed = 0;
    for (const auto& bytes : bad) {
      test::put(cache, bytes);
      auto loaded = test::load_any(test::with_cache(source));
      if (!test::same(loaded, plain) || loaded.notes.size() != 1 || test::bytes_of(cache) != good)
        ++unnoticed;
    }
    CHECK(unnoticed == 0);
    auto later = good;
    later[8] = 2;
    test::put(cache, later);
    CHECK(test::load_any(test::with_cache(source)).notes.front().ends_with("its format is 2, and this program's is 1"));
    test::put(cache, "a model that somebody saved here");
    CHECK(test::load_any(test::with_cache(source)).notes.front().ends_with("it is cut off"));
  }
}

TEST_CASE("indices and numbers that lie in a cache are checked before they are used") {
  test::temporary_folder folder;
  auto text = folder.write("a.svm", "1 1:1 5:2\n0 2:3\n");
  auto source = data_source{.data = text, .holdout = 0.5, .kind = sample_kind::rows};
  auto plain = load_data(source);
  static_cast<void>(load_data(test::with_cache(source)));
  cache_file file{test::beside(text)};
  auto with = [&](std::size_t which, const auto& values) {
    std::vector<std::span<const std::byte>> sections;
    for (std::size_t i = 0; i < 5; ++i)
      sections.push_back(file.section<std::byte>(i));
    if (which < sections.size())
      sections[which] = std::as_bytes(std::span{values});
    else
      sections.resize(values.size());
    write_cache_file(test::beside(text), file.text(), sections);
    auto loaded = load_data(test::with_cache(source));
    CHECK(test::same(loaded, plain));
    REQUIRE(loaded.notes.size() == 1);
    return loaded.notes.front();
  };
  using ends = std::vector<std::uint64_t>;
  using numbers = std::vector<std::uint32_t>;
  using floats = std::vector<float>;
  CHECK(with(0, ends{2, 1}).find("do not fit together") != std::string::npos);
  CHECK(with(0, ends{4, 3}).find("do not fit together") != std::string::npos);
  CHECK(with(0, ends{2, 4}).find("do not fit together") != std::string::npos);
  CHECK(with(0, ends{2}).find("do not fit together") != std::string::npos);
  CHECK(with(1, numbers{1, 6, 2}).ends_with("row 0 has column 6: the data have 6 features"));
  CHECK(with(1, numbers{5, 1, 2}).ends_with("row 0 has columns that do not ascend"));
  CHECK(with(1, numbers{5, 5, 2}).ends_with("row 0 has columns that do not ascend"));
  CHECK(with(1, std::vector<char>(11)).ends_with("its parts are others"));
  CHECK(
      with(2, floats{1, 2, std::numeric_limits<float>::quiet_NaN()}).ends_with("a value that is not a finite number"));
  CHECK(
      with(3, floats{1, std::numeric_limits<float>::infinity()}).ends_with("a label of a row is not a finite number"));
  CHECK(with(4, numbers{1, 2}).ends_with("labels must be below 2"));
  CHECK(with(4, numbers{1}).find("classes of 1") != std::string::npos);
  CHECK(with(9, std::vector<char>(3)).ends_with("its parts are others"));

  auto ratings = folder.write("r.csv", "a,b,3\nc,d,4\n");
  auto rated = data_source{.data = ratings, .holdout = 0.5, .kind = sample_kind::ratings, .has_classes = false};
  static_cast<void>(load_ratings(test::with_cache(rated)));
  std::vector<rating> wrong{{.user = 0, .item = 2, .value = 1}};
  auto section = std::as_bytes(std::span<const rating>{wrong});
  write_cache_file(test::beside(ratings), cache_file{test::beside(ratings)}.text(), {&section, 1});
  auto loaded = load_ratings(test::with_cache(rated));
  CHECK(test::same(loaded, load_ratings(rated)));
  CHECK(loaded.notes.front().ends_with("rating 0 has item 2: it has to be below 2"));
}

} // namespace drover

#include "drover/models/data/file_lines.hpp"

#include <doctest/doctest.h>

#include "files.hpp"
#include "temporary_folder.hpp"
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

namespace {

std::vector<std::string> pieces_of(const std::filesystem::path& path, std::uint64_t bytes_max = data_file_bytes_max) {
  std::vector<std::string> result;
  read_data_pieces(
      path, [&result](std::string_view lines) { result.emplace_back(lines); }, bytes_max);
  return result;
}

std::string pieces_refusal(const std::filesystem::path& path, std::uint64_t bytes_max = data_file_bytes_max) {
  return test::refusal([&path, bytes_max] { static_cast<void>(pieces_of(path, bytes_max)); });
}

} // namespace

TEST_CASE("a file is read in pieces of whole lines, packed or not, that are the whole file together") {
  test::temporary_folder folder;
  std::string contents;
  for (int i = 0; contents.size() < 10'000'000; ++i)
    contents += "line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 300), 'x') + '\n';
  for (const std::string& ending : {std::string{}, std::string{"no end"}, std::string(5'000'000, 'y')})
    for (bool is_packed : {false, true}) {
      auto all = contents + ending;
      auto pieces = pieces_of(folder.write("a", is_packed ? test::gzip(all) : all));
      CHECK(pieces.size() >= 3);
      std::string together;
      for (const auto& piece : pieces) {
        CHECK(piece.size() <= ending.size() + (5u << 20));
        CHECK((piece.ends_with('\n') || (&piece == &pieces.back() && !ending.empty())));
        together += piece;
      }
      CHECK(together == all);
    }
}

TEST_CASE("a file without lines has no pieces") {
  test::temporary_folder folder;
  CHECK(pieces_of(folder.write("empty", "")).empty());
  CHECK(pieces_of(folder.write("packed", test::gzip(""))).empty());
  CHECK(pieces_of(folder.write("one", "a")) == std::vector<std::string>{"a"});
}

TEST_CASE("a line up to the limit is read, a longer one refused") {
  test::temporary_folder folder;
  std::string longest(data_line_bytes_max, 'a');
  CHECK(pieces_of(folder.write("a", "b\n" + longest + "\nc")).size() == 3);
  for (const auto* ending : {"", "\n", "\nc\n"}) {
    auto path = folder.write("b.gz", test::gzip(longest + 'a' + ending));
    CHECK(pieces_refusal(path) ==
          path.string() + " has a line of more than 67108864 bytes, which is the most that is read");
  }
}

TEST_CASE("pieces of files that are damaged, too long, missing or no files are refused as whole files are") {
  test::temporary_folder folder;
  auto packed = test::gzip(std::string(1000, 'a') + "some letters that do not pack well: qwertzuiop");
  for (std::size_t length = 3; length < packed.size(); length += 5) {
    auto path = folder.write("cut.gz", packed.substr(0, length));
    CAPTURE(length);
    CHECK(pieces_refusal(path) == path.string() + " is damaged: it starts as gzip but does not unpack to its end");
  }
  auto bomb = folder.write("bomb.gz", test::gzip(std::string(5'000'000, 'a')));
  CHECK(pieces_refusal(bomb, 4'999'999) ==
        bomb.string() + " holds more than 4999999 bytes, which is the most that is read");
  CHECK(pieces_of(bomb, 5'000'000).size() == 1);
  auto missing = folder.path() / "missing";
  CHECK(pieces_refusal(missing) == missing.string() + " does not exist: a data file is needed there");
  CHECK(pieces_refusal(folder.path()) == folder.path().string() + " is not a file: a data file is needed there");
}

TEST_CASE("what the taker of pieces throws is passed on") {
  test::temporary_folder folder;
  auto path = folder.write("a", test::gzip("a\nb\n"));
  CHECK(test::refusal([&path] {
          read_data_pieces(path, [](std::string_view) { throw std::runtime_error("bad line"); });
        }) == "bad line");
}

} // namespace drover

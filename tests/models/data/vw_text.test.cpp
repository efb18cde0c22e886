#include "drover/models/data/vw_text.hpp"

#include "drover/models/data/text_format.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover {

namespace {

constexpr std::uint32_t vw_bits = 18;

sparse_rows read_vw(std::string_view text, std::uint32_t bits = vw_bits) {
  sparse_rows result;
  bad_lines none;
  vw_text{"f.vw", bits}.read(text, result, none);
  return result;
}

std::string vw_refusal(std::string_view text, std::uint32_t bits = vw_bits) {
  return test::refusal([text, bits] { static_cast<void>(read_vw(text, bits)); });
}

struct vw_feature {
  std::string_view space;
  std::string_view name;
  float value = 1;
};

/// A row's features as columns and values.
bool has(const sparse_rows::row& row, const std::vector<vw_feature>& features) {
  std::vector<std::pair<std::uint32_t, float>> expected;
  for (const auto& each : features)
    expected.emplace_back(static_cast<std::uint32_t>(feature_namespace{each.space}(each.name) & ((1u << vw_bits) - 1)),
                          each.value);
  std::ranges::sort(expected);
  std::vector<std::pair<std::uint32_t, float>> there;
  for (std::size_t k = 0; k < row.columns.size(); ++k)
    there.emplace_back(row.columns[k], row.values[k]);
  return there == expected;
}

} // namespace

TEST_CASE("rows are read as Vowpal Wabbit writes them") {
  auto rows = read_vw("1 |user age:0.5 male 42:3 |item:2 red size:-1.5\r\n"
                      "-1 1.0 'tag7| word other\n"
                      "\n \t\n"
                      "0.25 |a x\t|b x|c x");
  REQUIRE(rows.size() == 3);
  CHECK(rows.labels == std::vector<float>{1, -1, 0.25f});
  CHECK(has(rows[0],
            {{"user", "age", 0.5f}, {"user", "male"}, {"user", "42", 3}, {"item", "red", 2}, {"item", "size", -3}}));
  CHECK(has(rows[1], {{"", "word"}, {"", "other"}}));
  CHECK(has(rows[2], {{"a", "x"}, {"b", "x"}, {"c", "x"}}));
}

TEST_CASE("a word that touches the first bar or begins with an apostrophe is a tag, a blank makes it a label") {
  for (const auto* start :
       {"1 |", "1 tag|", "1 'tag|", "1 'tag |", "1 1 tag|", "1 1 'tag  |", " 1 |", "+1 7|", "1 '|"}) {
    CAPTURE(start);
    auto rows = read_vw(std::string{start} + "n f\n");
    REQUIRE(rows.size() == 1);
    CHECK(rows.labels[0] == 1);
    CHECK(has(rows[0], {{"n", "f"}}));
  }
}

TEST_CASE("a namespace may be there twice, and without features; what is 0 is left out") {
  auto rows = read_vw("1 |a x:2 |b |a x:3 y:0 |c:0 z | \n2 |\n");
  REQUIRE(rows.size() == 2);
  CHECK(has(rows[0], {{"a", "x", 5}}));
  CHECK(rows[1].columns.empty());
}

TEST_CASE("a byte order mark is no part of a row of Vowpal Wabbit") {
  CHECK(read_vw("\xef\xbb\xbf"
                "1 |a b\n")
            .size() == 1);
}

TEST_CASE("what is wrong with a row of Vowpal Wabbit is told with line and column") {
  const std::string no_label =
      "a row has to begin with a label, and a blank between it and the bar: what touches that is a tag";
  CHECK(vw_refusal("1 |a b\n1 a b\n") == "f.vw, line 2, column 6: a row needs a bar, |, before its features");
  CHECK(vw_refusal("|a b\n") == "f.vw, line 1, column 1: " + no_label);
  CHECK(vw_refusal("  |a b\n") == "f.vw, line 1, column 1: " + no_label);
  CHECK(vw_refusal("1|a b\n") == "f.vw, line 1, column 1: " + no_label);
  CHECK(vw_refusal("'tag |a b\n") == "f.vw, line 1, column 1: " + no_label);
  CHECK(vw_refusal("x |a b\n") == "f.vw, line 1, column 1: a label has to be a number");
  CHECK(vw_refusal("nan |a b\n") == "f.vw, line 1, column 1: a label has to be a number that a float can hold");
  CHECK(vw_refusal("1:2:3 |a b\n") == "f.vw, line 1, column 2: a blank is needed behind a label");
  CHECK(vw_refusal("1 x |a b\n") == "f.vw, line 1, column 3: an importance has to be a number");
  CHECK(vw_refusal("1 1x |a b\n") == "f.vw, line 1, column 4: a blank is needed behind an importance");
  CHECK(vw_refusal("1 2 |a b\n") ==
        "f.vw, line 1, column 3: an importance has to be 1: weights of samples are not supported");
  CHECK(vw_refusal("1 1 0.5 |a b\n") ==
        "f.vw, line 1, column 5: a label, an importance and a tag are all that may stand before the first bar");
  CHECK(vw_refusal("1 |a:x b\n") == "f.vw, line 1, column 6: a namespace's value has to be a number");
  CHECK(vw_refusal("1 |a:1x b\n") == "f.vw, line 1, column 7: a blank is needed behind a namespace's value");
  CHECK(vw_refusal("1 |a :3\n") == "f.vw, line 1, column 6: a feature needs a name before its value");
  CHECK(vw_refusal("1 |a b:\n") == "f.vw, line 1, column 8: a value has to be a number");
  CHECK(vw_refusal("1 |a b:c:1\n") == "f.vw, line 1, column 8: a value has to be a number");
  CHECK(vw_refusal("1 |a b:1:2\n") == "f.vw, line 1, column 9: a blank is needed behind a value");
  CHECK(vw_refusal("1 |a b:inf\n") == "f.vw, line 1, column 8: a value has to be a number that a float can hold");
  CHECK(vw_refusal("1 |a:1e30 b:1e30\n") ==
        "f.vw, line 1, column 11: a value times that of its namespace has to be a number that a float can hold");
  CHECK(vw_refusal("1 |a b:3e38 c:3e38 d:3e38 e:3e38 f:3e38\n", 1) ==
        "f.vw, line 1, column 1: values that are added, of features that hash alike, are more than a float holds");
}

TEST_CASE("bad rows of Vowpal Wabbit that may be skipped add nothing, over all pieces of a text") {
  vw_text text{"f.vw", vw_bits};
  sparse_rows rows;
  bad_lines bad{2};
  text.read("1 |a b\n2 |a b c:x\n", rows, bad);
  text.read("3 |a c\n4\n", rows, bad);
  REQUIRE(rows.size() == 2);
  CHECK(rows.labels == std::vector<float>{1, 3});
  CHECK(has(rows[0], {{"a", "b"}}));
  CHECK(has(rows[1], {{"a", "c"}}));
  CHECK(bad.skipped() == 2);
  CHECK(bad.first() == "f.vw, line 2, column 10: a value has to be a number");
  CHECK(test::refusal([&] { text.read("5", rows, bad); }) ==
        "f.vw, line 5, column 2: a row needs a bar, |, before its features (2 bad lines before it were skipped)");
}

TEST_CASE("files of Vowpal Wabbit are known by their names") {
  for (const auto* name : {"a.vw", "a.b.vw", "folder/a.vw.gz"})
    CHECK_MESSAGE(format_of(name) == text_format::vw, name);
  for (const auto* name : {"a.svm", "vw", "a.gz", "a.vw.csv", "a.vw/b", ""})
    CHECK_MESSAGE(format_of(name) != text_format::vw, name);
}

} // namespace drover

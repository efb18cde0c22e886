#include "drover/models/data/hashed_csv.hpp"

#include "drover/models/data/feature_hash.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover {

namespace {

constexpr std::uint32_t csv_bits = 20;

sparse_table decode_words(std::string_view text, const csv_options& options = {}, std::uint32_t bits = csv_bits) {
  bad_lines none;
  return decode_hashed_csv(text, "f.csv", bits, options, none);
}

std::string words_refusal(std::string_view text, const csv_options& options = {}, std::uint32_t bits = csv_bits) {
  return test::refusal([&] { static_cast<void>(decode_words(text, options, bits)); });
}

/// A text, or with an empty one a number.
struct word {
  std::string_view column;
  std::string_view text;
  float value = 1;
};

bool consists_of(const sparse_rows::row& row, const std::vector<word>& words) {
  std::vector<std::pair<std::uint32_t, float>> expected;
  for (const auto& each : words)
    expected.emplace_back(
        static_cast<std::uint32_t>(feature_namespace{each.column}(each.text) & ((1u << csv_bits) - 1)), each.value);
  std::ranges::sort(expected);
  std::vector<std::pair<std::uint32_t, float>> there;
  for (std::size_t k = 0; k < row.columns.size(); ++k)
    there.emplace_back(row.columns[k], row.values[k]);
  return there == expected;
}

} // namespace

TEST_CASE("fields of a hashed table are features of their columns' names, by value or by text") {
  auto table = decode_words(
      "age,\"town, \"\"old\"\"\",label\n40,Bonn,1\n,\"a \"\"b\"\"\",0\n0,nan,1\n-1e3,,0\n,,0\n1e39,\xe4,1\n");
  const auto* town = "town, \"old\"";
  REQUIRE(table.rows.size() == 6);
  CHECK(consists_of(table.rows[0], {{"age", "", 40}, {town, "Bonn"}}));
  CHECK(consists_of(table.rows[1], {{town, "a \"b\""}}));
  CHECK(consists_of(table.rows[2], {{town, "nan"}}));
  CHECK(consists_of(table.rows[3], {{"age", "", -1000}}));
  CHECK(consists_of(table.rows[4], {}));
  CHECK(consists_of(table.rows[5], {{"age", "1e39"}, {town, "ä"}})); // no float, and Latin-1
  CHECK(table.labels == std::vector<std::uint32_t>{1, 0, 1, 0, 0, 1});
  CHECK(table.rows.labels == std::vector<float>{1, 0, 1, 0, 0, 1});
  CHECK(table.features == 1u << csv_bits);
  CHECK(table.columns == 3);
  CHECK(make_dataset(std::move(table))->shape().features == 1u << csv_bits);
}

TEST_CASE("columns of a hashed table without a header go by their numbers") {
  auto table = decode_words("1,x,0\n2,y,1\n", {.label_column = "0"});
  CHECK(consists_of(table.rows[0], {{"1", "x"}}));
  CHECK(consists_of(table.rows[1], {{"1", "y"}, {"2", "", 1}}));
  CHECK(table.classes == 3);
}

TEST_CASE("labels of a hashed table are classes by text or number, or any numbers") {
  auto names = decode_words("x,label\na,yes\nb,no\n");
  CHECK(names.class_names == std::vector<std::string>{"no", "yes"});
  CHECK(names.labels == std::vector<std::uint32_t>{1, 0});
  auto numbers = decode_words("a,label\nb,-0.5\nc,3e4\n", {.has_classes = false});
  CHECK(numbers.labels.empty());
  CHECK(numbers.classes == 0);
  CHECK(numbers.rows.labels == std::vector<float>{-0.5f, 3e4f});
  CHECK(words_refusal("a,label\nb,c\n", {.has_classes = false}) ==
        "f.csv, line 2: column 1 (label): label 'c' is not a number");
}

TEST_CASE("the same field is the same feature in data to test on, with or without a header in either") {
  const std::string rows = "red,1,0\nblue,2,1\n";
  auto named = decode_words("colour,size,label\n" + rows);
  auto numbered = decode_words(rows);
  for (const auto* train : {&named, &numbered})
    for (const auto* header : {"", "colour,size,label\n"}) {
      auto test = decode_words(header + rows, {.like = train});
      CHECK(test.rows.columns == train->rows.columns);
      CHECK(test.rows.values == train->rows.values);
      CHECK(static_cast<const table_columns&>(test) == static_cast<const table_columns&>(*train));
    }
  CHECK(named.rows.columns != numbered.rows.columns);
  CHECK(words_refusal("form,size,label\n" + rows, {.like = &named}) ==
        "f.csv, line 1: the columns are named otherwise than in the training data");
  CHECK(words_refusal("colour,size,label\nred,1,2\n", {.like = &named}) ==
        "f.csv, line 2: column 2 (label): label '2' is not below 2, the number of classes in the training data");
}

TEST_CASE("rows of a hashed table that cannot be read are refused, or skipped and add nothing") {
  CHECK(words_refusal("a,b,label\nx,1\n") == "f.csv, line 2: there are 2 fields: the first line has 3");
  CHECK(words_refusal("a,b,label\nx,1,\n") == "f.csv, line 2: column 2 (label): the label is missing");
  CHECK(words_refusal("a,b,label\n") == "f.csv has a header only: at least one row of data is needed");
  CHECK(words_refusal("3e38,3e38,3e38,3e38,1\n", {}, 1) ==
        "f.csv, line 1: values that are added, of features that hash alike, are more than a float holds");
  bad_lines bad{5};
  auto table = decode_hashed_csv("a,label\nx,1\ny\n\"z,1\nv,-1\nw,0\nu,", "f.csv", csv_bits, {}, bad);
  REQUIRE(table.rows.size() == 2);
  CHECK(consists_of(table.rows[0], {{"a", "x"}}));
  CHECK(consists_of(table.rows[1], {{"a", "w"}}));
  CHECK(table.labels == std::vector<std::uint32_t>{1, 0});
  CHECK(bad.skipped() == 4);
  CHECK(bad.first() == "f.csv, line 3: there are 1 fields: the first line has 2");
  CHECK(test::refusal([&] { (void)decode_hashed_csv("a,label\ny\n", "f.csv", csv_bits, {}, bad); }) ==
        "f.csv has no line that can be read: at least one row of data is needed");
}

} // namespace drover

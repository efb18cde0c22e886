#include "drover/models/data/svm_text.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover {

namespace {

sparse_rows read(std::string_view text, std::uint32_t id_max = svm_text::largest_id) {
  sparse_rows result;
  bad_lines none;
  svm_text{"f.svm", id_max}.read(text, result, none);
  return result;
}

std::string refusal(std::string_view text, std::uint32_t id_max = svm_text::largest_id) {
  return test::refusal([&] { static_cast<void>(read(text, id_max)); });
}

using floats = std::vector<float>;
using ids = std::vector<std::uint32_t>;
using counts = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("sparse rows are read as SVMlight and LIBSVM write them") {
  auto rows = read("+1 1:0.5 7:-2e1\n-1\n0.25 qid:3 0:1 4294967294:+3 # the last\r\n");
  CHECK(rows.labels == floats{1, -1, 0.25f});
  CHECK(rows.columns == ids{1, 7, 0, 4294967294});
  CHECK(rows.values == floats{0.5f, -20, 1, 3});
  CHECK(rows.ends == counts{2, 2, 4});
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].columns.empty());
  CHECK(rows[2].label == 0.25f);
  CHECK(rows[2].columns[0] == 0);
  CHECK(rows[2].values[1] == 3);
}

TEST_CASE("blank lines, comments, tabs and a last line without an end are no trouble for sparse rows") {
  auto rows = read("# a comment\n\n \t\n1\t2:3  4:5\t\n1 2:3#4\n 2 1:1");
  CHECK(rows.labels == floats{1, 1, 2});
  CHECK(rows.columns == ids{2, 4, 2, 1});
  CHECK(rows.values == floats{3, 5, 3, 1});
}

TEST_CASE("what is wrong with a sparse row is told with line and column") {
  auto first_line = [](std::string_view line) { return refusal(std::string{line} + '\n'); };
  CHECK(refusal("1 1:1\nx 1:1\n") == "f.svm, line 2, column 1: a label has to be a number");
  CHECK(first_line("1 1:1 2:") == "f.svm, line 1, column 9: a value has to be a number");
  CHECK(first_line("1 1:1 2:b") == "f.svm, line 1, column 9: a value has to be a number");
  CHECK(first_line("1 1:+-2") == "f.svm, line 1, column 5: a value has to be a number");
  CHECK(first_line("1 1:2x") == "f.svm, line 1, column 6: a blank is needed behind a value");
  CHECK(first_line("1,2 1:2") == "f.svm, line 1, column 2: a blank is needed behind a label");
  for (auto* number : {"nan", "inf", "-inf", "1e39", "1e400"}) {
    CAPTURE(number);
    CHECK(first_line("1 1:" + std::string{number}) ==
          "f.svm, line 1, column 5: a value has to be a number that a float can hold");
    CHECK(first_line(std::string{number} + " 1:1") ==
          "f.svm, line 1, column 1: a label has to be a number that a float can hold");
  }
  for (auto* number : {"+", "-", "+-2", ":", "#"})
    CHECK(first_line("1 1:" + std::string{number}) == "f.svm, line 1, column 5: a value has to be a number");
  for (auto* number : {"1e", "0x1p3", "1,5", "1:2"})
    CHECK(first_line("1 1:" + std::string{number}) == "f.svm, line 1, column 6: a blank is needed behind a value");
  CHECK(first_line("3:1 4:1") == "f.svm, line 1, column 1: a row has to begin with a label");
  CHECK(first_line("1 qid: 2:3") == "f.svm, line 1, column 7: a query has to be a number");
  CHECK(first_line("1 qid:1 qid:2 2:3") ==
        "f.svm, line 1, column 9: a feature is written ID:VALUE, with a whole number as ID");
  CHECK(refusal("1 6:1\n", 5) == "f.svm, line 1, column 3: an ID is larger than 5");
  CHECK(first_line("1 a:1") == "f.svm, line 1, column 3: a feature is written ID:VALUE, with a whole number as ID");
  CHECK(first_line("1 -1:1") == "f.svm, line 1, column 3: a feature is written ID:VALUE, with a whole number as ID");
  CHECK(first_line("1 12") ==
        "f.svm, line 1, column 3: a feature is written ID:VALUE, and there is no colon behind this ID");
  CHECK(first_line("1 12 :3") ==
        "f.svm, line 1, column 3: a feature is written ID:VALUE, and there is no colon behind this ID");
  for (auto* id : {"4294967295", "99999999999999999999999999"})
    CHECK(first_line("1 " + std::string{id} + ":1") == "f.svm, line 1, column 3: an ID is larger than 4294967294");
  CHECK(first_line("1 3:1 3:1") == "f.svm, line 1, column 7: ID 3 is there twice");
  CHECK(first_line("1 3:1 2:1") == "f.svm, line 1, column 7: ID 2 stands behind 3: IDs have to ascend");
  CHECK(first_line("1 3:1 qid:1") ==
        "f.svm, line 1, column 7: a feature is written ID:VALUE, with a whole number as ID");
}

TEST_CASE("numbers of sparse rows are rounded to floats, the smallest to 0") {
  auto rows = read("-0 1:.5 2:5. 3:-1e-50 4:1e-400 5:2e-324 6:16777217 7:0.000000000000000000000000000001\n");
  CHECK(rows.values == floats{0.5f, 5, 0, 0, 0, 16777216, 1e-30f});
}

TEST_CASE("a byte order mark is no part of a sparse row, but at the beginning only") {
  CHECK(read("\xef\xbb\xbf"
             "1 1:1\n")
            .labels == floats{1});
  CHECK(refusal("1 1:1\n\xef\xbb\xbf"
                "1 1:1\n") == "f.svm, line 2, column 1: a label has to be a number");
}

TEST_CASE("lines are counted over all pieces of a text, and rows before a bad one are kept") {
  svm_text text{"f.svm"};
  sparse_rows rows;
  bad_lines none;
  text.read("1 1:1\n\n", rows, none);
  text.read("2 2:2\n", rows, none);
  CHECK(test::refusal([&] { text.read("3 3:3\n4 4:4 4:4\n", rows, none); }) ==
        "f.svm, line 5, column 7: ID 4 is there twice");
  CHECK(rows.labels == floats{1, 2, 3});
  CHECK(rows.columns == ids{1, 2, 3});
}

TEST_CASE("bad sparse rows that may be skipped add nothing, and the first that may not ends the reading") {
  svm_text text{"f.svm"};
  sparse_rows rows;
  bad_lines bad{2};
  text.read("1 1:1\n2 1:1 2:x\n3 3:3\n", rows, bad);
  text.read("x\n4 4:4\n", rows, bad);
  CHECK(rows.labels == floats{1, 3, 4});
  CHECK(rows.columns == ids{1, 3, 4});
  CHECK(rows.values == floats{1, 3, 4});
  CHECK(rows.ends == counts{1, 2, 3});
  CHECK(bad.skipped() == 2);
  CHECK(bad.first() == "f.svm, line 2, column 9: a value has to be a number");
  CHECK(test::refusal([&] { text.read("5 5:5\n6 6:6 6:7\n7 7:7\n", rows, bad); }) ==
        "f.svm, line 7, column 7: ID 6 is there twice (2 bad lines before it were skipped)");
  CHECK(rows.labels == floats{1, 3, 4, 5});
  CHECK(rows.columns == ids{1, 3, 4, 5});
}

TEST_CASE("IDs of sparse rows that are hashed may have 64 bits, and have the columns that mixing gives") {
  auto text = svm_text::hashed("f.svm", 20);
  sparse_rows rows;
  bad_lines none;
  text.read("1 0:1 7:2 00000000000000000000009:3 18446744073709551615:4\n", rows, none);
  REQUIRE(rows.size() == 1);
  std::vector<std::pair<std::uint32_t, float>> expected;
  for (auto [id, value] : {std::pair{std::uint64_t{0}, 1.0f}, {7, 2}, {9, 3}, {~std::uint64_t{0}, 4}})
    expected.emplace_back(static_cast<std::uint32_t>(mixed_bits(id)) & 0xfffff, value);
  std::ranges::sort(expected);
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(rows.columns[k] == expected[k].first);
    CHECK(rows.values[k] == expected[k].second);
  }
  auto refused = [](std::string_view line) {
    return test::refusal([line] {
      sparse_rows unused;
      bad_lines no_bad;
      svm_text::hashed("f.svm", 1).read(line, unused, no_bad);
    });
  };
  CHECK(refused("1 18446744073709551616:1") == "f.svm, line 1, column 3: an ID is larger than 18446744073709551615");
  CHECK(refused("1 3:1 3:1") == "f.svm, line 1, column 7: ID 3 is there twice");
  CHECK(refused("1 1:3e38 2:3e38 3:3e38 4:3e38") ==
        "f.svm, line 1, column 1: values that are added, of IDs that hash alike, are more than a float holds");
}

} // namespace drover

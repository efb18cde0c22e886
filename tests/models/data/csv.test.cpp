#include "drover/models/data/csv.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

namespace {

csv_table decode(std::string_view text, const csv_options& options = {}) {
  bad_lines none;
  return decode_csv(text, "f.csv", options, none);
}

csv_table decode(std::string_view text, const char* label_column) {
  return decode(text, {.label_column = label_column});
}

std::string refusal(std::string_view text, const csv_options& options = {}) {
  return test::refusal([&] { static_cast<void>(decode(text, options)); });
}

using floats = std::vector<float>;
using labels = std::vector<std::uint32_t>;
using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a table without a header has its label in the last column") {
  auto table = decode("1,2.5,0\n-3e2,+4,2\n");
  CHECK(table.names.empty());
  CHECK(table.features == floats{1, 2.5, -300, 4});
  CHECK(table.labels == labels{0, 2});
  CHECK(table.classes == 3);
  CHECK(table.columns == 3);
}

TEST_CASE("a header is recognised and may name the label's column") {
  CHECK(decode("a,b,c\n1,2,0\n").label_column == 2);
  CHECK(decode("Label,1,2\n1,2,0\n").label_column == 0);
  CHECK(decode("a,target,c\n1,2,0\n").label_column == 1);
  CHECK(decode("class,label\n1,2\n").label_column == 1);
  CHECK(decode("a,b,c\n1,2,0\n", "b").label_column == 1);
  CHECK(decode("a,b,c\n1,2,0\n", "0").label_column == 0);
  CHECK(decode("7,b,2000\n1,2,0\n", "b").label_column == 1);
  CHECK(decode("a,b,c\n1,2,0\n", "a").features == floats{2, 0});
}

TEST_CASE("text classes are numbered in sorted order") {
  auto table = decode("5.1,virginica\n1,setosa\n2,\"versi\"\"c\"\"olor\"\n3,virginica\n");
  CHECK(table.names.empty());
  CHECK(table.class_names == strings{"setosa", "versi\"c\"olor", "virginica"});
  CHECK(table.labels == labels{2, 0, 1, 2});
  CHECK(table.features == floats{5.1f, 1, 2, 3});
}

TEST_CASE("line ends, blanks, quotes, byte order marks and blank lines are as various as in real files") {
  auto table = decode("\xef\xbb\xbf\"a, b\" , \"label\"\r\n\r\n 1 ,\t0\r\n\"2\",\"1\" \n\n3,1");
  CHECK(table.names == strings{"a, b", "label"});
  CHECK(table.features == floats{1, 2, 3});
  CHECK(table.labels == labels{0, 1, 1});
}

TEST_CASE("names are UTF-8, and what is none is taken for Latin-1") {
  auto table = decode("gr\xf6\xdf"
                      "e,label\n1,\xe4\n2,\xc3\xa4\n3,\xed\xa0\x80\n4,\xc0\x80\n");
  CHECK(table.names == strings{"größe", "label"});
  // Surrogates and overlong characters are no UTF-8 either. The same name is the same class, however it is written.
  CHECK(table.class_names == strings{"À\xc2\x80", "ä", "í\xc2\xa0\xc2\x80"});
  CHECK(table.labels == labels{1, 1, 2, 0});
  CHECK(decode("\xe4,b\n0,1\n", "ä").label_column == 0);
}

TEST_CASE("a table to test on takes columns and classes from the one to train on") {
  auto train = decode("x,label\n1,cat\n2,dog\n3,ant\n");
  auto test = decode("x,label\n1,dog\n2,dog\n", {.like = &train});
  CHECK(test.labels == labels{2, 2});
  CHECK(test.classes == 3);
  CHECK(refusal("x,label\n1,cow\n", {.like = &train}) ==
        "f.csv, line 2: column 1 (label): class 'cow' does not occur in the training data");
  CHECK(refusal("x,label\n1,3\n", {.like = &train}) ==
        "f.csv, line 2: column 1 (label): label '3' is a number where others are not: labels are all whole numbers "
        "from 0, or all text");
  CHECK(refusal("y,label\n1,cat\n", {.like = &train}) ==
        "f.csv, line 1: the columns are named otherwise than in the training data");
  CHECK(refusal("x,y,label\n1,2,cat\n", {.like = &train}) ==
        "f.csv, line 1: there are 3 columns, the training data have 2");
  auto numbers = decode("1,0\n2,1\n");
  CHECK(decode("1,0\n", {.like = &numbers}).classes == 2);
  CHECK(refusal("1,2\n", {.like = &numbers}) ==
        "f.csv, line 1: column 1: label '2' is not below 2, the number of classes in the training data");
}

TEST_CASE("rows that are no samples are refused with line and column") {
  CHECK(refusal("1,2,0\n1,0\n") == "f.csv, line 2: there are 2 fields: the first line has 3");
  CHECK(refusal("1,2,0\n1,2,3,0\n") == "f.csv, line 2: there are 4 fields: the first line has 3");
  CHECK(refusal("a,b,label\n\n1,x,0\n") == "f.csv, line 3: column 1 (b): 'x' is not a number");
  CHECK(refusal("1,2,0\n1,,0\n") == "f.csv, line 2: column 1: a value is missing");
  CHECK(refusal("1,nan,0\n") == "f.csv, line 1: column 1: 'nan' is not a finite number of 32 bits");
  CHECK(refusal("1,-inf,0\n") == "f.csv, line 1: column 1: '-inf' is not a finite number of 32 bits");
  CHECK(refusal("1,1e39,0\n") == "f.csv, line 1: column 1: '1e39' is not a finite number of 32 bits");
  CHECK(refusal("1,2x,0\n") == "f.csv, line 1: column 1: '2x' is not a number");
  CHECK(refusal("1,+-2,0\n") == "f.csv, line 1: column 1: '+-2' is not a number");
  CHECK(refusal("1,\n2,0\n") == "f.csv, line 1: column 1: the label is missing");
}

TEST_CASE("labels that are no classes are refused with what is allowed") {
  const std::string allowed = " is no class: whole numbers from 0 to 999999, or text, are allowed";
  CHECK(refusal("1,-1\n") == "f.csv, line 1: column 1: label '-1'" + allowed);
  CHECK(refusal("1,0.5\n") == "f.csv, line 1: column 1: label '0.5'" + allowed);
  CHECK(refusal("1,1000000\n") == "f.csv, line 1: column 1: label '1000000'" + allowed);
  CHECK(refusal("1,0\n2,x\n") == "f.csv, line 2: column 1: label 'x' is text where others are not: labels are all "
                                 "whole numbers from 0, or all text");
}

TEST_CASE("where it is asked for, any two numbers are classes, and the larger is the second") {
  auto options = csv_options{.any_two_classes = true};
  auto signs = decode("1,-1\n2,+1\n3,-1.0\n", options);
  CHECK(signs.class_names == std::vector<std::string>{"-1", "1"});
  CHECK(signs.classes == 2);
  CHECK(signs.labels == labels{0, 1, 0});
  CHECK(decode("1,2\n2,1\n", options).labels == labels{1, 0});
  CHECK(decode("1,2\n2,1\n").classes == 3);
  CHECK(decode("1,4\n2,2\n", options).class_names == std::vector<std::string>{"2", "4"});
  auto usual = decode("1,1\n2,0.0\n", options);
  CHECK(usual.class_names.empty());
  CHECK(usual.labels == labels{1, 0});
  CHECK(decode("1,0\n2,1\n3,5\n4,3\n", options).labels == labels{0, 1, 5, 3});
  options.like = &signs;
  CHECK(decode("1,1\n2,1.0\n", options).labels == labels{1, 1});
  CHECK(refusal("1,0\n", options) == "f.csv, line 1: column 1: class '0' does not occur in the training data");
  CHECK(refusal("1,x\n", options) == "f.csv, line 1: column 1: label 'x' is text where others are not: labels are all "
                                     "whole numbers from 0, or all text");
}

TEST_CASE("a number that would be a third class beside two is refused, or skipped") {
  auto options = csv_options{.any_two_classes = true};
  const std::string allowed = " is no class: whole numbers from 0 to 999999, or text, or any two numbers, are allowed";
  CHECK(refusal("1,-1\n2,1\n3,0\n", options) == "f.csv, line 3: column 1: label '0'" + allowed);
  CHECK(refusal("1,0\n2,1\n3,-1\n", options) == "f.csv, line 3: column 1: label '-1'" + allowed);
  CHECK(refusal("1,0\n2,1\n3,2\n4,-1\n", options) == "f.csv, line 4: column 1: label '-1'" + allowed);
  CHECK(refusal("1,nan\n", options) == "f.csv, line 1: column 1: label 'nan'" + allowed);
  CHECK(refusal("1,16777216\n", options) == "f.csv, line 1: column 1: label '16777216'" + allowed);
  bad_lines one{1};
  auto table = decode_csv("1,-1\n2,1\n3,0\n4,1\n", "f.csv", options, one);
  CHECK(table.labels == labels{0, 1, 1});
  CHECK(one.skipped() == 1);
}

TEST_CASE("text that is no table is refused with a sentence") {
  CHECK(refusal("") == "f.csv has no lines: at least one row of data is needed");
  CHECK(refusal("\n \n") == "f.csv has no lines: at least one row of data is needed");
  CHECK(refusal("a,label\n") == "f.csv has a header only: at least one row of data is needed");
  CHECK(refusal("1\n2\n") == "f.csv, line 1: there is one column: a label and at least one feature are needed");
  CHECK(refusal("\"1,2\n") == "f.csv, line 1: a quoted field does not end on its line");
  CHECK(refusal("\"1\"x,2\n") == "f.csv, line 1: a comma or the end of the line is needed behind a quoted field");
  CHECK(refusal("1,2\"3\n") == "f.csv, line 1: a quote stands inside a field that does not start with one");
}

TEST_CASE("a label column that is not there is refused with what is there") {
  CHECK(refusal("width,kind\n1,0\n", {.label_column = "knd"}) ==
        "f.csv has no label column named 'knd': did you mean kind?");
  CHECK(refusal("1,0\n", {.label_column = "2"}) == "f.csv has no column 2 for the label: 0 to 1 are there");
  CHECK(refusal("1,0\n", {.label_column = "kind"}) ==
        "f.csv has no header, so no label column named 'kind': give its number, from 0 to 1");
}

TEST_CASE("a field at the end of a line may be empty, and is then counted") {
  CHECK(refusal("1,0,\n") == "f.csv, line 1: column 2: the label is missing");
  CHECK(decode("1,2,3\n").columns == 3);
}

TEST_CASE("lines of a table that cannot be read add nothing where they may be skipped") {
  auto decode_with = [](std::string_view text, bad_lines& bad) { return decode_csv(text, "f.csv", {}, bad); };
  bad_lines bad{7};
  auto table =
      decode_with("x,y,label\n1,2,ant\n1,2\n1,,bee\n3,z,cow\n\"1,2,ant\n5,6,\n7,8,9\n1,inf,ant\n3,4,dog\n", bad);
  CHECK(table.features == floats{1, 2, 3, 4});
  CHECK(table.labels == labels{0, 1});
  CHECK(table.class_names == strings{"ant", "dog"}); // no class is known from a bad line only
  CHECK(bad.skipped() == 7);
  CHECK(bad.first() == "f.csv, line 3: there are 2 fields: the first line has 3");
  bad_lines one{1};
  CHECK(test::refusal([&] { (void)decode_with("1,2,0\n1,2\n3,4,0\n1,2,3,4\n", one); }) ==
        "f.csv, line 4: there are 4 fields: the first line has 3 (1 bad lines before it were skipped)");
  bad_lines last{9};
  CHECK(decode_with("1,2,0\n1,x,0", last).features == floats{1, 2});
  CHECK(decode_with("1,x,0\n1,2,0\n", last).features == floats{1, 2});
  CHECK(test::refusal([&] { (void)decode_with("a,b,label\n1,x,0\n", last); }) ==
        "f.csv has no line that can be read: at least one row of data is needed");
}

TEST_CASE("a first line that is wrong is refused, even where lines may be skipped") {
  for (const auto* text : {"1\n2\n", "\"1,2\n1,2,0\n"}) {
    bad_lines bad{9};
    CHECK_THROWS_AS((void)decode_csv(text, "f.csv", {}, bad), std::runtime_error);
    CHECK(bad.skipped() == 0);
  }
}

TEST_CASE("without classes, labels of a table are any numbers") {
  auto options = csv_options{.has_classes = false};
  auto table = decode("1,-2.5\n0,1e6\n", options);
  CHECK(table.numbers == floats{-2.5f, 1e6f});
  CHECK(table.labels.empty());
  CHECK(table.classes == 0);
  options.like = &table;
  CHECK(decode("1,7\n", options).numbers == floats{7});
  CHECK(refusal("1,x\n", options) == "f.csv, line 1: column 1: label 'x' is not a number");
  CHECK(refusal("1,1e39\n", options) == "f.csv, line 1: column 1: label '1e39' is not a finite number of 32 bits");
  CHECK(refusal("1,\n", options) == "f.csv, line 1: column 1: the label is missing");
}

TEST_CASE("a table becomes sparse rows of the values that are not 0") {
  auto sparse = make_sparse(decode("0,1,7,a\n0,0,0,b\n-2,0,3,a\n"));
  CHECK(sparse.features == 3);
  CHECK(sparse.columns == 4);
  CHECK(sparse.labels == labels{0, 1, 0});
  CHECK(sparse.rows.columns == labels{1, 2, 0, 2});
  CHECK(sparse.rows.values == floats{1, 7, -2, 3});
  CHECK(sparse.rows.ends == std::vector<std::uint64_t>{2, 2, 4});
  CHECK(sparse.rows.labels == floats{0, 1, 0});
  auto numbers = make_sparse(decode("0,1.5\n2,3\n", {.has_classes = false}));
  CHECK(numbers.rows.labels == floats{1.5f, 3});
  CHECK(numbers.rows.columns == labels{0});
  CHECK(make_dataset(std::move(numbers))->shape().classes == 0);
}

} // namespace drover

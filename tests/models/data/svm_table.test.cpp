#include "drover/models/data/svm_table.hpp"

#include "drover/models/data/text_format.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

namespace {

sparse_table decode(std::string_view text, const sparse_options& options = {}) {
  bad_lines none;
  return decode_svm(text, "f.svm", options, none);
}

std::string refusal(std::string_view text, const sparse_options& options = {}) {
  return test::refusal([&] { static_cast<void>(decode(text, options)); });
}

using strings = std::vector<std::string>;
using classes = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("labels of sparse rows are classes, by what is written") {
  auto table = decode("+1 1:1\n-1 4:1\n1.0 2:1\n");
  CHECK(table.class_names == strings{"-1", "1"});
  CHECK(table.labels == classes{1, 0, 1});
  CHECK(table.classes == 2);
  CHECK(table.columns == 6); // 0 to 4, and the label
  auto digits = decode("0 1:1\n10 1:1\n2 1:1\n-0 1:1\n");
  CHECK(digits.class_names.empty());
  CHECK(digits.classes == 11);
  CHECK(digits.labels == classes{0, 10, 2, 0});
  CHECK(decode("-100000 1:1\n0.5 1:1\n10 1:1\n").class_names == strings{"-100000", "0.5", "10"});
  auto shape = make_dataset(std::move(table))->shape();
  CHECK(shape.features == 5);
  CHECK(shape.classes == 2);
}

TEST_CASE("sparse rows to test on have the classes and features of those to train on") {
  auto train = decode("1 1:1\n-1 4:1\n");
  auto test = decode("1 1:1 9:1\n", {.like = &train});
  CHECK(test.labels == classes{1});
  CHECK(test.class_names == train.class_names);
  CHECK(make_dataset(std::move(test))->shape().features == 5);
  CHECK(refusal("1 1:1\n2 1:1\n", {.like = &train}) == "f.svm: class 2 does not occur in the training data");
  auto numbers = decode("0 1:1\n2 4:1\n");
  CHECK(decode("1 1:1\n", {.like = &numbers}).labels == classes{1});
  CHECK(decode("1\n", {.like = &numbers}).labels == classes{1});
  for (const auto* label : {"3", "-1", "0.5"})
    CHECK(refusal(std::string{label} + " 1:1\n", {.like = &numbers}) ==
          "f.svm: class " + std::string{label} + " does not occur in the training data");
}

TEST_CASE("two labels of what is trained on as rows are the two classes, whatever numbers they are") {
  auto options = sparse_options{.kind = sample_kind::rows};
  auto table = decode("2 1:1\n1 4:1\n2 2:1\n", options);
  CHECK(table.class_names == strings{"1", "2"});
  CHECK(table.classes == 2);
  CHECK(table.labels == classes{1, 0, 1});
  CHECK(decode("4 1:1\n2 4:1\n", options).labels == classes{1, 0});
  auto usual = decode("1 1:1\n0 4:1\n", options);
  CHECK(usual.class_names.empty());
  CHECK(usual.labels == classes{1, 0});
  CHECK(decode("1 1:1\n2 4:1\n3 1:1\n", options).classes == 4);
  CHECK(decode("1 1:1\n2 4:1\n").classes == 3); // with all features there may be a class 0 elsewhere
  options.like = &table;
  auto test = decode("2 1:1\n2 1:1\n", options);
  CHECK(test.labels == classes{1, 1});
  CHECK(test.class_names == table.class_names);
  CHECK(refusal("0 1:1\n", options) == "f.svm: class 0 does not occur in the training data");
}

TEST_CASE("sparse rows without a sense are refused") {
  CHECK(refusal("\n# nothing\n") == "f.svm: there are no rows");
  CHECK(refusal("1\n-1\n") == "f.svm: no row has a feature");
  CHECK(refusal("1 65536:1\n") == "f.svm, line 1, column 3: an ID is larger than 65535");
  for (const auto* label : {"16777216", "-2e+07", "1e+30"})
    CHECK(refusal(std::string{label} + " 1:1\n") ==
          "f.svm: a label is " + std::string{label} + ": those of classes are between -16777216 and 16777216");
  CHECK(refusal("1 1:x\n") == "f.svm, line 1, column 5: a value has to be a number");
  std::string many;
  for (int i = 0; i <= 1000; ++i)
    many += std::to_string(i) + ".5 1:1\n";
  CHECK(refusal(many) == "f.svm: there are 1001 different labels: they have to be classes, at most 1000");
}

TEST_CASE("what is trained on as rows may have larger IDs, up to where columns are counted in 32 bits") {
  auto table = decode("1 7:1\n0 4294967293:1\n", {.kind = sample_kind::rows});
  CHECK(table.features == 4294967294);
  CHECK(table.columns == 4294967295);
  CHECK(refusal("1 4294967294:1\n", {.kind = sample_kind::rows}) ==
        "f.svm, line 1, column 3: an ID is larger than 4294967293");
}

TEST_CASE("without classes, labels of sparse rows are any numbers") {
  auto options = sparse_options{.kind = sample_kind::rows, .has_classes = false};
  auto table = decode("-1.5 1:1\n20000000 4:1\n", options);
  CHECK(table.labels.empty());
  CHECK(table.rows.labels == std::vector<float>{-1.5f, 20000000});
  CHECK(table.classes == 0);
  CHECK(table.class_names.empty());
  options.like = &table;
  auto test = decode("1e30 4:1 5:1\n", options);
  CHECK(test.columns == table.columns);
  auto data = make_dataset(std::move(test));
  CHECK(data->shape().classes == 0);
  CHECK(data->classes().empty());
  CHECK(std::ranges::equal(data->rows()->columns, std::vector<std::uint32_t>{4})); // nothing was learned of 5
}

TEST_CASE("hashed sparse rows have as many features as hashes, whatever IDs there are") {
  auto options = sparse_options{.kind = sample_kind::rows, .hash_bits = 4};
  auto table = decode("1 18446744073709551615:1\n0 1:1\n", options);
  CHECK(table.features == 16);
  CHECK(table.columns == 17);
  options.like = &table;
  CHECK(decode("1 18446744073709551615:1\n", options).rows.columns[0] == table.rows.columns[0]);
}

TEST_CASE("files of sparse rows are known by their names") {
  for (const auto* name : {"a.svm", "a.b.libsvm", "folder/a.svmlight", "a.svm.gz"})
    CHECK_MESSAGE(format_of(name) == text_format::svm, name);
  for (const auto* name : {"a.csv", "svm", "a.gz", "a.svm.csv", "a.svm/b", ""})
    CHECK_MESSAGE(format_of(name) != text_format::svm, name);
}

} // namespace drover

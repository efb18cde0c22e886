#include "drover/models/data/svm_table.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace drover {

namespace {

std::string refusal(std::string_view text, const table_columns* like = nullptr) {
  return test::refusal([&] { static_cast<void>(decode_svm(text, "f.svm", like)); });
}

using strings = std::vector<std::string>;
using classes = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("labels of sparse rows are classes, by what is written") {
  auto table = decode_svm("+1 1:1\n-1 4:1\n1.0 2:1\n", "f.svm");
  CHECK(table.class_names == strings{"-1", "1"});
  CHECK(table.labels == classes{1, 0, 1});
  CHECK(table.classes == 2);
  CHECK(table.columns == 6); // 0 to 4, and the label
  auto digits = decode_svm("0 1:1\n10 1:1\n2 1:1\n-0 1:1\n", "f.svm");
  CHECK(digits.class_names.empty());
  CHECK(digits.classes == 11);
  CHECK(digits.labels == classes{0, 10, 2, 0});
  CHECK(decode_svm("-100000 1:1\n0.5 1:1\n10 1:1\n", "f.svm").class_names == strings{"-100000", "0.5", "10"});
  auto shape = make_dataset(std::move(table))->shape();
  CHECK(shape.features == 5);
  CHECK(shape.classes == 2);
}

TEST_CASE("sparse rows to test on have the classes and features of those to train on") {
  auto train = decode_svm("1 1:1\n-1 4:1\n", "f.svm");
  auto test = decode_svm("1 1:1 9:1\n", "g.svm", &train);
  CHECK(test.labels == classes{1});
  CHECK(test.class_names == train.class_names);
  CHECK(make_dataset(std::move(test))->shape().features == 5);
  CHECK(refusal("1 1:1\n2 1:1\n", &train) == "f.svm: class 2 does not occur in the training data");
  auto numbers = decode_svm("0 1:1\n2 4:1\n", "f.svm");
  CHECK(decode_svm("1 1:1\n", "g.svm", &numbers).labels == classes{1});
  CHECK(decode_svm("1\n", "g.svm", &numbers).labels == classes{1});
  for (const auto* label : {"3", "-1", "0.5"})
    CHECK(refusal(std::string{label} + " 1:1\n", &numbers) ==
          "f.svm: class " + std::string{label} + " does not occur in the training data");
}

TEST_CASE("sparse rows without a sense are refused") {
  CHECK(refusal("\n# nothing\n") == "f.svm: there are no rows");
  CHECK(refusal("1\n-1\n") == "f.svm: no row has a feature");
  CHECK(refusal("1 65536:1\n") == "f.svm, line 1, column 3: an ID is larger than 65535");
  for (const auto* label : {"16777216", "-20000000"})
    CHECK(refusal(std::string{label} + " 1:1\n") ==
          "f.svm: a label is " + std::string{label} + ": those of classes are between -16777216 and 16777216");
  CHECK(refusal("1 1:x\n") == "f.svm, line 1, column 5: a value has to be a number");
  std::string many;
  for (int i = 0; i <= 1000; ++i)
    many += std::to_string(i) + ".5 1:1\n";
  CHECK(refusal(many) == "f.svm: there are 1001 different labels: they have to be classes, at most 1000");
}

TEST_CASE("files of sparse rows are known by their names") {
  for (const auto* name : {"a.svm", "a.b.libsvm", "folder/a.svmlight", "a.svm.gz"})
    CHECK_MESSAGE(is_svm_file(name), name);
  for (const auto* name : {"a.csv", "svm", "a.gz", "a.svm.csv", "a.svm/b", ""})
    CHECK_MESSAGE(!is_svm_file(name), name);
}

} // namespace drover

#include "drover/models/data/dataset.hpp"

#include <doctest/doctest.h>

#include "files.hpp"
#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// Data for models that read sparse rows.

namespace drover {

namespace {

using ids = std::vector<std::uint32_t>;

std::string refusal(const data_source& source) {
  return test::refusal([&source] { static_cast<void>(load_data(source)); });
}

} // namespace

TEST_CASE("a file of sparse rows is read as rows, with what the training data have as features") {
  test::temporary_folder folder;
  auto train = folder.write("a.svm.gz", test::gzip("1 1:1\n-1 99999:2\n"));
  auto other = folder.write("b.svm", "-1 7:1 100000:5\n");
  CHECK(refusal({.data = train, .test_data = other}) ==
        train.string() + ", line 2, column 4: an ID is larger than 65535");
  auto loaded = load_data({.data = train, .test_data = other, .kind = sample_kind::rows});
  CHECK(loaded.train->shape().features == 100000);
  CHECK(loaded.test->shape().features == 100000);
  REQUIRE(loaded.test->rows() != nullptr);
  CHECK(std::ranges::equal(loaded.test->rows()->columns, ids{7}));
  CHECK(std::ranges::equal(loaded.train->classes(), ids{1, 0}));
  CHECK(loaded.columns->class_names == std::vector<std::string>{"-1", "1"});
  auto numbers = load_data({.data = train, .test_data = other, .kind = sample_kind::rows, .has_classes = false});
  CHECK(numbers.train->shape().classes == 0);
  CHECK(std::ranges::equal(numbers.train->rows()->labels, std::vector<float>{1, -1}));
  CHECK(numbers.columns->classes == 0);
  CHECK(numbers.columns->class_names.empty());
}

TEST_CASE("a file of Vowpal Wabbit is read as rows, of 18 bits where no others are asked for") {
  test::temporary_folder folder;
  auto train = folder.write("a.vw.gz", test::gzip("1 |a b c\n-1 |a d:2"));
  auto other = folder.write("b.vw", "-1 |a c e\n");
  auto source = data_source{.data = train, .test_data = other, .kind = sample_kind::rows};
  auto loaded = load_data(source);
  CHECK(loaded.train->shape().features == 262144);
  CHECK(loaded.test->shape().features == 262144);
  CHECK(loaded.train->size() == 2);
  CHECK(std::ranges::equal(loaded.test->classes(), ids{0}));
  source.hash_bits = 5;
  CHECK(load_data(source).train->shape().features == 32);
  source.has_classes = false;
  CHECK(std::ranges::equal(load_data(source).test->rows()->labels, std::vector<float>{-1}));
  // As data to evaluate a model on.
  auto learned = *load_data(source).columns;
  auto again = load_data(
      {.data = other, .test_data = train, .kind = sample_kind::rows, .has_classes = false, .hash_bits = 5}, &learned);
  CHECK(std::ranges::equal(again.train->rows()->columns, load_data(source).test->rows()->columns));
  CHECK(std::ranges::equal(again.test->rows()->columns, load_data(source).train->rows()->columns));
  CHECK(again.columns == learned);
  source.label_column = "x";
  CHECK(refusal(source) == "a label column, x, is given, but " + train.string() + " has its labels before the columns");
  CHECK(refusal({.data = train, .holdout = 0.5}) ==
        train.string() + " holds Vowpal Wabbit's text: models that read sparse rows can be trained on it, those that "
                         "read every feature of a sample cannot");
}

TEST_CASE("tables and images are read as rows, and tables hashed as well") {
  test::temporary_folder folder, images;
  folder.write("train.csv", "size,form,label\n1,0,0\n0,3,1\n");
  folder.write("test.csv.gz", test::gzip("size,form,label\n0,7,1\n"));
  auto source = data_source{.data = folder.path(), .kind = sample_kind::rows};
  auto loaded = load_data(source);
  CHECK(loaded.train->shape().features == 2);
  CHECK(std::ranges::equal(loaded.test->rows()->columns, ids{1}));
  CHECK(std::ranges::equal(loaded.test->rows()->values, std::vector<float>{7}));
  CHECK(std::ranges::equal(loaded.test->classes(), ids{1}));
  source.hash_bits = 10;
  auto hashed = load_data(source);
  CHECK(hashed.train->shape().features == 1024);
  CHECK(hashed.test->rows()->columns[0] == hashed.train->rows()->columns[1]);
  CHECK(hashed.columns->names == std::vector<std::string>{"size", "form", "label"});
  auto again = load_data(source, &*hashed.columns);
  CHECK(again.columns == hashed.columns);
  CHECK(std::ranges::equal(again.train->rows()->columns, hashed.train->rows()->columns));
  source.has_classes = false;
  CHECK(std::ranges::equal(load_data(source).train->rows()->labels, std::vector<float>{0, 1}));
  images.write("train-images-idx3-ubyte", test::idx({4, 2, 2}, std::string(16, 'a')));
  images.write("train-labels-idx1-ubyte", test::idx({4}, {0, 1, 0, 1}));
  auto pixels = load_data({.data = images.path(), .holdout = 0.5, .kind = sample_kind::rows});
  CHECK(pixels.train->rows()->size() == 4);
  CHECK(pixels.train->rows() == pixels.test->rows());
  CHECK(pixels.train->shape().classes == 2);
  CHECK(refusal({.data = images.path(), .holdout = 0.5, .kind = sample_kind::rows, .hash_bits = 9}) ==
        "hash_bits is 9, but " + images.path().string() + " holds IDX files: their features have no names to hash");
}

TEST_CASE("tables of rows, hashed or not, have two classes where they have two labels") {
  test::temporary_folder folder;
  auto table = folder.write("a.csv", "1,-1\n2,1\n3,-1\n");
  auto other = folder.write("b.csv", "1,1\n");
  auto source = data_source{.data = table, .test_data = other, .kind = sample_kind::rows};
  for (auto bits : {0u, 8u}) {
    source.hash_bits = bits;
    auto loaded = load_data(source);
    CHECK(loaded.train->shape().classes == 2);
    CHECK(loaded.columns->class_names == std::vector<std::string>{"-1", "1"});
    CHECK(std::ranges::equal(loaded.train->classes(), ids{0, 1, 0}));
    CHECK(std::ranges::equal(loaded.test->classes(), ids{1}));
  }
}

TEST_CASE("what a model cannot be trained on is refused") {
  test::temporary_folder folder;
  auto table = folder.write("a.csv", "1,0\n2,1\n3,0\n");
  CHECK(refusal({.data = table, .holdout = 0.5, .hash_bits = 8}) ==
        "hash_bits is 8, but the model reads every feature of a sample: only models that read sparse rows can have "
        "them hashed");
  CHECK(refusal({.data = table, .holdout = 0.5, .kind = sample_kind::rows, .hash_bits = 31}) ==
        "hash_bits is 31: 1 to 30 are allowed, 0 for features that are not hashed");
  CHECK(refusal({.data = table, .holdout = 0.5, .has_classes = false}) ==
        "labels are to be numbers, but the model reads every feature of a sample: only models that read sparse rows "
        "learn numbers");
  CHECK(refusal({.data = table, .holdout = 0.5, .kind = sample_kind::ratings}) ==
        "load_data reads features and rows, load_ratings reads ratings");
  auto source = data_source{.data = table, .holdout = 0.5, .kind = sample_kind::rows};
  auto classes = *load_data(source).columns;
  source.has_classes = false;
  auto numbers = *load_data(source).columns;
  CHECK(test::refusal([&] { (void)load_data(source, &classes); }) ==
        "labels are to be numbers, but those of the training data are classes");
  source.has_classes = true;
  CHECK(test::refusal([&] { (void)load_data(source, &numbers); }) ==
        "labels are to be classes, but those of the training data are numbers");
  CHECK(refusal({.kind = sample_kind::rows}) ==
        "no data are named: a folder of IDX or CSV files, a CSV, a LIBSVM or a Vowpal Wabbit file is needed");
}

} // namespace drover

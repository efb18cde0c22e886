#include "drover/models/data/dataset.hpp"

#include <doctest/doctest.h>

#include "fashion_mnist.hpp"
#include "files.hpp"
#include "temporary_folder.hpp"
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace drover {

namespace {

std::string refusal(const data_source& source) {
  return test::refusal([&source] { static_cast<void>(load_data(source)); });
}

void write_idx(const test::temporary_folder& folder, const std::string& part, std::uint32_t count) {
  folder.write(part + "-images-idx3-ubyte", test::idx({count, 2, 2}, std::string(4 * count, 'a')));
  std::string labels(count, 0);
  labels.front() = 1;
  folder.write(part + "-labels-idx1-ubyte.gz", test::gzip(test::idx({count}, labels)));
}

} // namespace

TEST_CASE("a folder of IDX files is read, plain or packed") {
  test::temporary_folder folder;
  write_idx(folder, "train", 5);
  CHECK(refusal({.data = folder.path()}) ==
        folder.path().string() + " comes without data to test on: give a test file or a holdout, as in 0.1");
  CHECK(load_data({.data = folder.path(), .holdout = 0.4}).test->size() == 2);
  write_idx(folder, "t10k", 3);
  auto loaded = load_data({.data = folder.path()});
  auto [train, test] = std::pair{loaded.train, loaded.test};
  CHECK(train->size() == 5);
  CHECK(test->size() == 3);
  CHECK(test->shape().classes == 2);
  CHECK(test->shape().is_image());
}

TEST_CASE("a folder of CSV files is read") {
  test::temporary_folder folder;
  folder.write("train.csv", "1,0\n2,1\n3,0\n");
  folder.write("test.csv.gz", test::gzip("4,1\n"));
  auto loaded = load_data({.data = folder.path()});
  auto [train, test] = std::pair{loaded.train, loaded.test};
  CHECK(train->size() == 3);
  CHECK(test->size() == 1);
  CHECK(test->shape().classes == 2);
}

TEST_CASE("a CSV file is read with a test file or a holdout") {
  test::temporary_folder folder;
  auto train = folder.write("a.csv", "x,kind\n1,0\n2,1\n3,0\n4,1\n");
  auto other = folder.write("b.csv", "x,kind\n4,1\n");
  CHECK(load_data({.data = train, .test_data = other}).test->size() == 1);
  CHECK(load_data({.data = train, .holdout = 0.25, .label_column = "kind"}).train->size() == 3);
  CHECK(refusal({.data = train}) ==
        train.string() + " comes without data to test on: give a test file or a holdout, as in 0.1");
}

TEST_CASE("a file of sparse rows is read with a test file or a holdout, plain or packed") {
  test::temporary_folder folder;
  auto train = folder.write("a.svm", "1 1:1\n-1 3:1\n1 2:1\n-1 1:2\n");
  auto other = folder.write("b.svm.gz", test::gzip("-1 7:1 \n"));
  auto [all, test, columns, names, skipped, first_skipped, notes] = load_data({.data = train, .test_data = other});
  CHECK(all->size() == 4);
  CHECK(test->size() == 1);
  CHECK(all->shape().features == 4);
  CHECK(test->shape().features == 4);
  REQUIRE(columns);
  CHECK(columns->class_names == std::vector<std::string>{"-1", "1"});
  CHECK(load_data({.data = train, .holdout = 0.25}).train->size() == 3);
  auto csv = folder.write("a.csv", "1,2\n");
  CHECK(refusal({.data = train, .test_data = csv}) ==
        train.string() + " and " + csv.string() +
            " are not of the same format: both have to be CSV, both .svm, .libsvm or .svmlight, or both .vw");
  CHECK(refusal({.data = train, .holdout = 0.25, .label_column = "kind"}) ==
        "a label column, kind, is given, but " + train.string() + " has its labels before the columns");
}

TEST_CASE("with the columns of other data, labels mean the classes of those") {
  test::temporary_folder folder;
  auto first = folder.write("a.csv", "x,kind\n1,ant\n2,cat\n3,dog\n4,ant\n");
  auto learned = *load_data({.data = first, .holdout = 0.25}).columns;
  CHECK(
      learned ==
      table_columns{
          .names = {"x", "kind"}, .columns = 2, .label_column = 1, .class_names = {"ant", "cat", "dog"}, .classes = 3});
  auto other = folder.write("b.csv", "x,kind\n1,dog\n2,dog\n");
  auto loaded = load_data({.data = other, .test_data = other}, &learned);
  auto [train, test] = std::pair{loaded.train, loaded.test};
  CHECK(loaded.columns == learned);
  for (const auto& samples : {train, test}) {
    CHECK(samples->shape().classes == 3);
    std::vector<float> features(2);
    std::vector<std::uint32_t> labels(2);
    samples->read(std::vector<std::uint32_t>{0, 1}, features, labels);
    CHECK(labels == std::vector<std::uint32_t>{2, 2});
  }
  auto cow = folder.write("c.csv", "x,kind\n1,dog\n2,cow\n");
  CHECK(test::refusal([&] { (void)load_data({.data = cow, .test_data = cow}, &learned); }) ==
        cow.string() + ", line 3: column 1 (kind): class 'cow' does not occur in the training data");
}

TEST_CASE("lines that cannot be read are skipped up to a number a file, and counted over both") {
  test::temporary_folder folder;
  auto train = folder.write("a.svm", "1 1:1\nx\n2 2:2\ny\n");
  auto good = folder.write("good.svm", "1 1:1\n2 1:2\n");
  auto other = folder.write("b.svm", "1 1:1\n1 1\n");
  auto both = load_data({.data = train, .test_data = other, .lines_skipped_max = 2});
  CHECK(both.train->size() == 2);
  CHECK(both.test->size() == 1);
  CHECK(both.lines_skipped == 3);
  CHECK(both.first_skipped == train.string() + ", line 2, column 1: a label has to be a number (2 in " +
                                  train.string() + ", 1 in " + other.string() + ")");
  auto same = load_data({.data = train, .test_data = train, .lines_skipped_max = 2});
  CHECK(same.lines_skipped == 2);
  CHECK(same.first_skipped == train.string() + ", line 2, column 1: a label has to be a number");
  auto second = load_data({.data = good, .test_data = other, .lines_skipped_max = 1});
  CHECK(second.lines_skipped == 1);
  CHECK(second.first_skipped ==
        other.string() + ", line 2, column 3: a feature is written ID:VALUE, and there is no colon behind this ID");
  auto none = load_data({.data = good, .test_data = good});
  CHECK(none.lines_skipped == 0);
  CHECK(none.first_skipped.empty());
  CHECK(refusal({.data = train, .test_data = good, .lines_skipped_max = 1}) ==
        train.string() + ", line 4, column 1: a label has to be a number (1 bad lines before it were skipped)");
  auto table = folder.write("a.csv", "1,0\n2\n3,1\n4,0\n");
  for (auto kind : {sample_kind::features, sample_kind::rows})
    CHECK(load_data({.data = table, .holdout = 0.4, .kind = kind, .lines_skipped_max = 1}).first_skipped ==
          table.string() + ", line 2: there are 1 fields: the first line has 2");
}

TEST_CASE("contradictions are refused with what to do") {
  test::temporary_folder folder, mixed, empty;
  write_idx(folder, "train", 5);
  write_idx(folder, "t10k", 3);
  auto name = folder.path().string();
  CHECK(refusal({.data = folder.path(), .holdout = 0.5}) ==
        "holdout is 0.500000, but " + name + " comes with data to test on: give one of the two");
  CHECK(refusal({.data = folder.path(), .test_data = "x.csv"}) ==
        "test data, x.csv, are given, but " + name + " is a folder: data to test on must lie in it");
  CHECK(refusal({.data = folder.path(), .label_column = "a"}) ==
        "a label column, a, is given, but " + name + " holds IDX files: their labels are files of their own");
  CHECK(refusal({.data = folder.path(), .holdout = 1.5}) ==
        "holdout is 1.500000: a share from 0 and below 1 is allowed");
  CHECK(refusal({.data = folder.path() / "train-images-idx3-ubyte"}) ==
        name + "/train-images-idx3-ubyte is a single IDX file: name the folder that holds images and labels");
  write_idx(mixed, "train", 5);
  mixed.write("train.csv", "1,0\n");
  CHECK(refusal({.data = mixed.path()}) == mixed.path().string() +
                                               " holds both IDX files and train.csv: name the CSV file or remove one "
                                               "of the two");
  CHECK(refusal({.data = empty.path()}) ==
        empty.path().string() + " holds no data: train-images-idx3-ubyte and train-labels-idx1-ubyte, or train.csv, "
                                "plain or with .gz, are looked for");
  CHECK(refusal({}) == "no data are named: a folder of IDX or CSV files, a CSV or a LIBSVM file is needed");
  CHECK(refusal({.data = empty.path() / "none"}) ==
        empty.path().string() + "/none does not exist: a folder of IDX or CSV files, a CSV or a LIBSVM file is needed");
}

TEST_CASE("what cannot be looked at is refused with the system's reason") {
  test::temporary_folder folder;
  std::string name(5000, 'x');
  CHECK(refusal({.data = name}) == name + " cannot be looked at: File name too long");
  std::filesystem::create_symlink("train.csv", folder.path() / "train.csv");
  CHECK(refusal({.data = folder.path()}) ==
        folder.path().string() + "/train.csv cannot be looked at: Too many levels of symbolic links");
  auto table = folder.write("a.csv", "1,0\n2,1\n");
  CHECK(refusal({.data = table, .test_data = name}) == name + " cannot be opened for reading: File name too long");
}

TEST_CASE("half of a pair of IDX files is refused by the name of the other half") {
  test::temporary_folder folder;
  write_idx(folder, "train", 5);
  folder.write("t10k-images-idx3-ubyte", "");
  CHECK(refusal({.data = folder.path()}) == folder.path().string() +
                                                " has no t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz: IDX data "
                                                "need images and labels");
}

TEST_CASE("Fashion-MNIST is read" * doctest::test_suite("system")) {
  auto data = test::fashion_mnist();
  if (!data)
    return;
  auto loaded = *data;
  auto [train, test] = std::pair{loaded.train, loaded.test};
  CHECK(train->size() == 60'000);
  CHECK(test->size() == 10'000);
  CHECK(train->shape().features == 784);
  CHECK(train->shape().height == 28);
  CHECK(train->shape().classes == 10);
  std::vector<float> features(784);
  std::vector<std::uint32_t> labels(1);
  std::vector<int> counts(10);
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    test->read(std::vector<std::uint32_t>{i}, features, labels);
    ++counts[labels[0]];
  }
  CHECK(counts == std::vector<int>(10, 1000));
}

} // namespace drover

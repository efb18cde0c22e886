#include "drover/models/data/csv.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/file.hpp"
#include "drover/models/data/holdout.hpp"
#include "drover/models/data/idx.hpp"
#include "drover/models/data/svm_table.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace drover {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

/// What is there, perhaps nothing; what cannot be looked at is refused.
fs::file_status look_at(const fs::path& path) {
  std::error_code problem;
  auto result = fs::status(path, problem);
  if (result.type() == fs::file_type::none)
    refuse(path.string() + " cannot be looked at: " + problem.message());
  return result;
}

/// A file of that name in the folder, plain or packed.
std::optional<fs::path> find(const fs::path& folder, const std::string& name) {
  for (const auto* ending : {"", ".gz"})
    if (auto path = folder / (name + ending); fs::is_regular_file(look_at(path)))
      return path;
  return std::nullopt;
}

fs::path demand(const fs::path& folder, const std::string& name) {
  auto path = find(folder, name);
  if (!path)
    refuse(folder.string() + " has no " + name + " or " + name + ".gz: IDX data need images and labels");
  return *path;
}

/// Either a set to test on was found or some samples must be held out: both is a contradiction, neither an omission.
dataset_pair complete(std::shared_ptr<const dataset> train, std::shared_ptr<const dataset> test,
                      const data_source& source) {
  if (test && source.holdout != 0)
    refuse("holdout is " + std::to_string(source.holdout) + ", but " + source.data.string() +
           " comes with data to test on: give one of the two");
  if (test)
    return {std::move(train), std::move(test)};
  if (source.holdout == 0)
    refuse(source.data.string() + " comes without data to test on: give a test file or a holdout, as in 0.1");
  try {
    return hold_out(std::move(train), source.holdout, source.seed);
  } catch (const std::invalid_argument& problem) {
    refuse(source.data.string() + ": " + problem.what());
  }
}

dataset_pair load_idx_folder(const data_source& source) {
  if (!source.label_column.empty())
    refuse("a label column, " + source.label_column + ", is given, but " + source.data.string() +
           " holds IDX files: their labels are files of their own");
  auto train = load_idx(demand(source.data, "train-images-idx3-ubyte"), demand(source.data, "train-labels-idx1-ubyte"));
  std::shared_ptr<const dataset> test;
  if (find(source.data, "t10k-images-idx3-ubyte") || find(source.data, "t10k-labels-idx1-ubyte")) {
    auto shape = train->shape();
    test =
        load_idx(demand(source.data, "t10k-images-idx3-ubyte"), demand(source.data, "t10k-labels-idx1-ubyte"), &shape);
  }
  return complete(std::move(train), std::move(test), source);
}

/// `read`: makes a table of a file.
template <class Read>
dataset_pair load_tables(Read read, const fs::path& train_path, const std::optional<fs::path>& test_path,
                         const data_source& source, const table_columns* like) {
  auto table = read(train_path, like);
  std::shared_ptr<const dataset> test;
  if (test_path)
    test = make_dataset(read(*test_path, &table));
  auto columns = static_cast<const table_columns&>(table);
  auto result = complete(make_dataset(std::move(table)), std::move(test), source);
  result.columns = std::move(columns);
  return result;
}

dataset_pair load_csv(const fs::path& train_path, const std::optional<fs::path>& test_path, const data_source& source,
                      const table_columns* like) {
  auto read = [&source](const fs::path& path, const table_columns* alike) {
    return decode_csv(read_data_file(path), path.string(), source.label_column, alike);
  };
  return load_tables(read, train_path, test_path, source, like);
}

dataset_pair load_svm(const std::optional<fs::path>& test_path, const data_source& source, const table_columns* like) {
  if (!source.label_column.empty())
    refuse("a label column, " + source.label_column + ", is given, but " + source.data.string() +
           " has its labels before the columns");
  auto read = [](const fs::path& path, const table_columns* alike) {
    return decode_svm(read_data_file(path), path.string(), alike);
  };
  return load_tables(read, source.data, test_path, source, like);
}

dataset_pair load_folder(const data_source& source, const table_columns* like) {
  if (!source.test_data.empty())
    refuse("test data, " + source.test_data.string() + ", are given, but " + source.data.string() +
           " is a folder: data to test on must lie in it");
  auto csv = find(source.data, "train.csv");
  bool idx = find(source.data, "train-images-idx3-ubyte") || find(source.data, "train-labels-idx1-ubyte");
  if (csv && idx)
    refuse(source.data.string() + " holds both IDX files and train.csv: name the CSV file or remove one of the two");
  if (idx)
    return load_idx_folder(source);
  if (csv)
    return load_csv(*csv, find(source.data, "test.csv"), source, like);
  refuse(source.data.string() + " holds no data: train-images-idx3-ubyte and train-labels-idx1-ubyte, or train.csv, "
                                "plain or with .gz, are looked for");
}

} // namespace

dataset_pair load_data(const data_source& source, const table_columns* like) {
  if (source.data.empty())
    refuse("no data are named: a folder of IDX or CSV files, a CSV or a LIBSVM file is needed");
  auto present = look_at(source.data);
  if (!fs::exists(present))
    refuse(source.data.string() + " does not exist: a folder of IDX or CSV files, a CSV or a LIBSVM file is needed");
  if (!(source.holdout >= 0 && source.holdout < 1))
    refuse("holdout is " + std::to_string(source.holdout) + ": a share from 0 and below 1 is allowed");
  if (fs::is_directory(present))
    return load_folder(source, like);
  if (source.data.string().find("-ubyte") != std::string::npos)
    refuse(source.data.string() + " is a single IDX file: name the folder that holds images and labels");
  auto test = source.test_data.empty() ? std::nullopt : std::optional(source.test_data);
  if (test && is_svm_file(*test) != is_svm_file(source.data))
    refuse(source.data.string() + " and " + test->string() +
           " are not of the same format: both have to be CSV, or both .svm, .libsvm or .svmlight");
  return is_svm_file(source.data) ? load_svm(test, source, like) : load_csv(source.data, test, source, like);
}

} // namespace drover

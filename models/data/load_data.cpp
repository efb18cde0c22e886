#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/csv.hpp"
#include "drover/models/data/data_cache.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/feature_hash.hpp"
#include "drover/models/data/file.hpp"
#include "drover/models/data/file_lines.hpp"
#include "drover/models/data/hashed_csv.hpp"
#include "drover/models/data/holdout.hpp"
#include "drover/models/data/idx.hpp"
#include "drover/models/data/skipped_lines.hpp"
#include "drover/models/data/sparse_dataset.hpp"
#include "drover/models/data/spilled_rows.hpp"
#include "drover/models/data/stream_rows.hpp"
#include "drover/models/data/svm_table.hpp"
#include "drover/models/data/text_format.hpp"
#include "drover/models/data/vw_text.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

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
  if (source.hash_bits != 0)
    refuse("hash_bits is " + std::to_string(source.hash_bits) + ", but " + source.data.string() +
           " holds IDX files: their features have no names to hash");
  auto train = load_idx(demand(source.data, "train-images-idx3-ubyte"), demand(source.data, "train-labels-idx1-ubyte"));
  std::shared_ptr<const dataset> test;
  if (find(source.data, "t10k-images-idx3-ubyte") || find(source.data, "t10k-labels-idx1-ubyte")) {
    auto shape = train->shape();
    test =
        load_idx(demand(source.data, "t10k-images-idx3-ubyte"), demand(source.data, "t10k-labels-idx1-ubyte"), &shape);
  }
  if (source.kind == sample_kind::rows) {
    train = make_sparse(*train, source.has_classes);
    if (test)
      test = make_sparse(*test, source.has_classes);
  }
  return complete(std::move(train), std::move(test), source);
}

/// `read`: makes a table of a file.
template <class Read>
dataset_pair load_tables(Read read, const fs::path& train_path, const std::optional<fs::path>& test_path,
                         const data_source& source, const table_columns* like) {
  bad_lines bad{source.lines_skipped_max};
  bad_lines bad_test{source.lines_skipped_max};
  auto table = read(train_path, like, bad);
  std::shared_ptr<const dataset> test;
  if (test_path)
    test = make_dataset(read(*test_path, &table, bad_test));
  auto columns = static_cast<const table_columns&>(table);
  auto result = complete(make_dataset(std::move(table)), std::move(test), source);
  result.columns = std::move(columns);
  note_skipped(train_path, bad, test_path.value_or(""), bad_test, result);
  return result;
}

table_data with_dataset(sparse_table&& table) {
  table_data result{table, nullptr};
  result.rows = make_dataset(std::move(table));
  return result;
}

/// The options that readers make something else of the same text for.
std::string recipe_of(const char* format, const data_source& source, std::uint32_t hash_bits) {
  return std::string{format} + " text for " + (source.kind == sample_kind::rows ? "rows" : "all features") + " with " +
         (source.has_classes ? "classes" : "numbers") + " as labels, " + std::to_string(hash_bits) + " hash bits" +
         (source.label_column.empty() ? "" : " and label column " + source.label_column);
}

/// As `load_tables` with `read`, from caches where there are any; `read` is told which is to be made of what it reads.
template <class Read>
dataset_pair load_cached(Read read, const std::string& recipe, const fs::path& train_path,
                         const std::optional<fs::path>& test_path, const data_source& source,
                         const table_columns* like) {
  std::vector<std::string> notes;
  auto read_cached = [&](const fs::path& path, const table_columns* alike, bad_lines& bad) {
    data_cache cache{source.data_cache, path, recipe, notes};
    if (auto found = cache.find(alike, bad))
      return std::move(*found);
    return cache.keep(read(path, alike, bad, cache), alike, bad);
  };
  auto result = load_tables(read_cached, train_path, test_path, source, like);
  result.notes = std::move(notes);
  return result;
}

dataset_pair load_csv(const fs::path& train_path, const std::optional<fs::path>& test_path, const data_source& source,
                      const table_columns* like) {
  auto options = [&source](const table_columns* alike) {
    return csv_options{.label_column = source.label_column,
                       .has_classes = source.has_classes,
                       .any_two_classes = source.kind == sample_kind::rows,
                       .like = alike};
  };
  auto read = [&options](const fs::path& path, const table_columns* alike, bad_lines& bad) {
    return decode_csv(read_data_file(path), path.string(), options(alike), bad);
  };
  if (source.kind == sample_kind::features)
    return load_tables(read, train_path, test_path, source, like);
  auto read_rows = [&options, &read, &source](const fs::path& path, const table_columns* alike, bad_lines& bad,
                                              const data_cache&) {
    return with_dataset(source.hash_bits == 0 ? make_sparse(read(path, alike, bad))
                                              : decode_hashed_csv(read_data_file(path), path.string(), source.hash_bits,
                                                                  options(alike), bad));
  };
  return load_cached(read_rows, recipe_of("CSV", source, source.hash_bits), train_path, test_path, source, like);
}

/// A reader of lines as rows.
rows_reader make_reader(bool is_vw, const fs::path& path, const sparse_options& options) {
  if (is_vw)
    return [text = vw_text{path.string(), options.hash_bits}](auto lines, auto& into, auto& bad) mutable {
      text.read(lines, into, bad);
    };
  return [text = make_svm_text(path.string(), options)](auto lines, auto& into, auto& bad) mutable {
    text.read(lines, into, bad);
  };
}

table_data read_pieces(bool is_vw, const fs::path& path, const sparse_options& options, bad_lines& bad,
                       data_cache& cache) {
  if (!cache.path().empty()) {
    auto before = bad;
    try {
      return stream_rows(make_reader(is_vw, path, options), path, options, bad, cache.path().parent_path());
    } catch (const spill_problem& problem) {
      cache.give_up(problem.what());
      bad = before;
    }
  }
  sparse_rows rows;
  auto read = make_reader(is_vw, path, options);
  read_data_pieces(path, [&](std::string_view lines) { read(lines, rows, bad); });
  return with_dataset(make_table(std::move(rows), path.string(), options));
}

/// SVMlight's, LIBSVM's and Vowpal Wabbit's formats.
dataset_pair load_sparse(const std::optional<fs::path>& test_path, const data_source& source,
                         const table_columns* like) {
  bool is_vw = format_of(source.data) == text_format::vw;
  if (!source.label_column.empty())
    refuse("a label column, " + source.label_column + ", is given, but " + source.data.string() +
           " has its labels before the columns");
  if (is_vw && source.kind != sample_kind::rows)
    refuse(source.data.string() + " holds Vowpal Wabbit's text: models that read sparse rows can be trained on it, "
                                  "those that read every feature of a sample cannot");
  auto options = sparse_options{.kind = source.kind,
                                .has_classes = source.has_classes,
                                .hash_bits = is_vw && source.hash_bits == 0 ? hash_bits_usual : source.hash_bits};
  auto read = [&options, is_vw](const fs::path& path, const table_columns* alike, bad_lines& bad, data_cache& cache) {
    options.like = alike;
    return read_pieces(is_vw, path, options, bad, cache);
  };
  return load_cached(read, recipe_of(is_vw ? "VW" : "SVM", source, options.hash_bits), source.data, test_path, source,
                     like);
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

void check_options(const data_source& source, const table_columns* like) {
  if (source.kind == sample_kind::ratings)
    throw std::logic_error("load_data reads features and rows, load_ratings reads ratings");
  if (!(source.holdout >= 0 && source.holdout < 1))
    refuse("holdout is " + std::to_string(source.holdout) + ": a share from 0 and below 1 is allowed");
  if (source.hash_bits > hash_bits_max)
    refuse("hash_bits is " + std::to_string(source.hash_bits) + ": 1 to " + std::to_string(hash_bits_max) +
           " are allowed, 0 for features that are not hashed");
  if (source.hash_bits != 0 && source.kind == sample_kind::features)
    refuse("hash_bits is " + std::to_string(source.hash_bits) +
           ", but the model reads every feature of a sample: only models that read sparse rows can have them hashed");
  if (!source.has_classes && source.kind == sample_kind::features)
    refuse("labels are to be numbers, but the model reads every feature of a sample: only models that read sparse rows "
           "learn numbers");
  if (like != nullptr && (like->classes != 0) != source.has_classes)
    refuse(source.has_classes ? "labels are to be classes, but those of the training data are numbers"
                              : "labels are to be numbers, but those of the training data are classes");
}

} // namespace

dataset_pair load_data(const data_source& source, const table_columns* like) {
  const std::string needed = source.kind == sample_kind::rows
                                 ? "a folder of IDX or CSV files, a CSV, a LIBSVM or a Vowpal Wabbit file is needed"
                                 : "a folder of IDX or CSV files, a CSV or a LIBSVM file is needed";
  if (source.data.empty())
    refuse("no data are named: " + needed);
  auto present = look_at(source.data);
  if (!fs::exists(present))
    refuse(source.data.string() + " does not exist: " + needed);
  check_options(source, like);
  if (fs::is_directory(present))
    return load_folder(source, like);
  if (source.data.string().find("-ubyte") != std::string::npos)
    refuse(source.data.string() + " is a single IDX file: name the folder that holds images and labels");
  auto test = source.test_data.empty() ? std::nullopt : std::optional(source.test_data);
  auto format = format_of(source.data);
  if (test && format_of(*test) != format)
    refuse(source.data.string() + " and " + test->string() + " are not of the same format: " + one_format);
  return format == text_format::csv ? load_csv(source.data, test, source, like) : load_sparse(test, source, like);
}

} // namespace drover

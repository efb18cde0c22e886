#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/sparse_rows.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace drover {

/// Whether a file's name says that it holds sparse rows as SVMlight and LIBSVM write them: .svm, .libsvm or .svmlight,
/// perhaps with .gz behind it.
[[nodiscard]] bool is_svm_file(const std::filesystem::path& path);

/// Sparse rows whose labels are classes. As `table_columns` the label is column 0, before a column for each ID.
struct svm_table : table_columns {
  sparse_rows rows;
  std::vector<std::uint32_t> labels; ///< one a row: which of class_names
};

/// The models that read them compute with every feature of a sample.
inline constexpr std::size_t svm_features_max = std::size_t{1} << 16;
/// More different labels than that are no classes.
inline constexpr std::size_t svm_classes_max = 1000;

/// Reads text as `svm_text` does. Where all labels are whole numbers from 0 they number the classes, as in a CSV file;
/// else classes are the labels that there are, "-1" and "1" for example.
///
/// With `like`, the columns of the training data, classes are those, and others are refused; features with larger IDs
/// are left out when samples are read, for nothing was learned of them.
///
/// Throws std::runtime_error with a sentence that starts with `name`: what `svm_text` refuses, no rows, no features to
/// learn from, IDs from `svm_features_max` on there, labels that are no classes, or a class that is not in `like`.
[[nodiscard]] svm_table decode_svm(std::string_view text, std::string_view name, const table_columns* like = nullptr);

/// Makes a data set of a table; takes its rows.
[[nodiscard]] std::shared_ptr<const dataset> make_dataset(svm_table&& table);

} // namespace drover

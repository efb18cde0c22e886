#pragma once

#include "drover/models/batch.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace drover {

/// Labelled samples. Immutable once made; may be read from any thread.
class dataset {
public:
  virtual ~dataset() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  [[nodiscard]] virtual data_shape shape() const = 0;
  /// Copies the samples with these indices: `features` is samples.size() x shape().features, `labels` one a sample.
  virtual void read(std::span<const std::uint32_t> samples, std::span<float> features,
                    std::span<std::uint32_t> labels) const = 0;

  /// Whether values are kept as bytes that mean 0 to 1 (255 is 1), a quarter of what floats take.
  [[nodiscard]] virtual bool keeps_bytes() const { return false; }
  /// As `read`, but the bytes themselves. Throws std::logic_error where none are kept.
  virtual void read_bytes(std::span<const std::uint32_t> samples, std::span<std::uint8_t> features,
                          std::span<std::uint32_t> labels) const;
};

/// Samples to train on and samples to test on; the same shape.
struct dataset_pair {
  std::shared_ptr<const dataset> train;
  std::shared_ptr<const dataset> test;
  std::optional<table_columns> columns = {}; ///< of the table that they are from; nothing where they are from none
};

/// Where data comes from; the fields of the job of the same names.
struct data_source {
  std::filesystem::path data = {};
  std::filesystem::path test_data = {};
  double holdout = 0;
  std::string label_column = {};
  std::uint64_t seed = 1; ///< chooses the samples that are held out
};

/// Reads IDX, CSV or, told by its name, SVMlight's and LIBSVM's format, plain or .gz. `like`: the columns that a table
/// must have, and its classes, as those of the data that a model was trained on; null for those that are found. Throws
/// std::runtime_error with one sentence: which file, what is wrong, what is allowed.
[[nodiscard]] dataset_pair load_data(const data_source& source, const table_columns* like = nullptr);

} // namespace drover

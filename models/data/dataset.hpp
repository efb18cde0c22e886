#pragma once

#include "drover/models/batch.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

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

  /// Samples that are kept as sparse rows: all of them, of which this data set may be a part. Null where they are kept
  /// otherwise.
  [[nodiscard]] virtual const sparse_rows_view* rows() const { return nullptr; }
  /// The same for ratings; `read` has nothing to read then and throws std::logic_error.
  [[nodiscard]] virtual std::span<const rating> ratings() const { return {}; }
  /// Where samples of this data set are among those.
  virtual void locate(std::span<const std::uint32_t> samples, std::span<std::uint32_t> where) const;
  /// The classes of such samples, by their places; empty where labels are numbers.
  [[nodiscard]] virtual std::span<const std::uint32_t> classes() const { return {}; }
};

/// Whether the samples are kept so that a model can have them that way. Throws std::invalid_argument with a sentence
/// where they are not.
void check_kind(const dataset& data, sample_kind wanted);

/// Samples that are kept as rows or ratings, for a model. `places` has one element a sample, and the batch refers to
/// it.
[[nodiscard]] batch batch_of(const dataset& data, std::span<const std::uint32_t> samples,
                             std::span<std::uint32_t> places);

/// Samples to train on and samples to test on; the same shape.
struct dataset_pair {
  std::shared_ptr<const dataset> train;
  std::shared_ptr<const dataset> test;
  std::optional<table_columns> columns = {};      ///< of the table that they are from; nothing where they are from none
  std::shared_ptr<const rating_names> names = {}; ///< of ratings
  std::uint64_t lines_skipped = 0;                ///< that could not be read
  std::string first_skipped = {};                 ///< what was wrong with the first of them
  std::vector<std::string> notes = {};            ///< a sentence on each data cache that was not used or not written
};

/// Where data comes from; the fields of the job of the same names.
struct data_source {
  std::filesystem::path data = {};
  std::filesystem::path test_data = {};
  double holdout = 0;
  std::string label_column = {};
  std::uint64_t seed = 1; ///< chooses the samples that are held out
  sample_kind kind = sample_kind::features;
  bool has_classes = true;             ///< false: labels are numbers
  std::uint32_t hash_bits = 0;         ///< sample_kind::rows: features are hashed to so many bits; 0: by the file's IDs
  std::uint64_t lines_skipped_max = 0; ///< lines that cannot be read and may be passed over
  float rating_min = std::numeric_limits<float>::lowest(); ///< ratings outside are lines that cannot be read
  float rating_max = std::numeric_limits<float>::max();
  std::string data_cache = "off"; ///< of rows and ratings that are read from text: off, beside (the data), or a folder
};

/// Reads IDX, CSV or, told by their names, SVMlight's and LIBSVM's format and for models of rows Vowpal Wabbit's, plain
/// or .gz; ratings have a reader of their own, load_ratings. `like`: the columns that a table
/// must have, and its classes, as those of the data that a model was trained on; null for those that are found. Throws
/// std::runtime_error with one sentence: which file, what is wrong, what is allowed.
[[nodiscard]] dataset_pair load_data(const data_source& source, const table_columns* like = nullptr);

} // namespace drover

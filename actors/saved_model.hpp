#pragma once

#include "drover/actors/core/snapshot.hpp"
#include "drover/actors/job.hpp"
#include "drover/models/data/rating.hpp"
#include "drover/models/data/table_columns.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace drover {

/// Writes a model as a safetensors file: its tensors under their names, the resolved job as JSON under "job" in the
/// metadata, and what is known of the data that it was trained on: `columns` of a table under "table", `names` of
/// ratings under "ratings". The file appears whole or not at all: it is written beside its place, brought to disk, then
/// renamed. Where a symbolic link is there, that happens to the file that it leads to. Throws std::runtime_error with a
/// sentence where that fails; what stood there before is still there then.
void save_model(const std::filesystem::path& file, const model_snapshot& parameters, const job& origin,
                const std::optional<table_columns>& columns = {}, const rating_names* names = nullptr);

/// Tries whether a model could be saved there, without touching what is there: nobody shall learn after hours of
/// training that the folder does not exist. Throws as `save_model` does.
void check_save_place(const std::filesystem::path& file);

/// A saved model, checked: sizes against the file, names and shapes against a layout when it is asked for one.
class saved_model {
public:
  /// Throws std::runtime_error with a sentence for a file that is missing, cut short, not safetensors or without a job.
  explicit saved_model(const std::filesystem::path& file);
  ~saved_model();
  saved_model(saved_model&&) noexcept;
  saved_model& operator=(saved_model&&) noexcept;

  /// The job that made it.
  [[nodiscard]] const job& origin() const;
  /// The columns of the table that it was trained on; null where it was none.
  [[nodiscard]] const table_columns* columns() const;
  /// The users and items whose ratings it was trained on; null where it was trained on others.
  [[nodiscard]] const rating_names* names() const;

  /// The parameters in the given layout. Throws std::runtime_error naming the first tensor that is missing, of another
  /// shape or type, or too much.
  [[nodiscard]] model_snapshot parameters(std::shared_ptr<const parameter_layout> layout) const;

private:
  struct content;
  std::unique_ptr<content> content_;
};

} // namespace drover

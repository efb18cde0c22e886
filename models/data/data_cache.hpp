#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/cache_facts.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/rating.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace drover {

/// A table that was read: sparse rows, and its columns.
struct table_data : table_columns {
  std::shared_ptr<const dataset> rows;
};

[[nodiscard]] inline std::shared_ptr<const dataset> make_dataset(table_data&& table) {
  return std::move(table.rows);
}

/// Ratings that were read.
struct rating_data {
  std::shared_ptr<const dataset> ratings;
  rating_names names;
};

/// What was read of one file of text, kept in a `cache_file` so that next time it is mapped. A cache says what it was
/// made of: size and time of the text, and the options of reading. One of something else, of another format, cut off or
/// damaged is not used, and made anew; one that cannot be written is done without. A sentence on either goes to
/// `notes`. Caches are replaced whole, so that several processes may do it at once.
///
/// What is mapped is looked through once, in order: data sets check every index and number. Values that are damaged to
/// other finite values are not noticed.
class data_cache {
public:
  /// `where`: `off`, `beside` (the text, its name and .drover-cache), or a folder, where names have a hash of where the
  /// text lies. `recipe`: the options that change what is made of the text. `notes` has to outlive this object.
  data_cache(const std::string& where, std::filesystem::path text, std::string recipe, std::vector<std::string>& notes);

  /// Empty where there is none to be.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// What is in the cache, where it is what would be read: with these columns or names, which are null where those are
  /// to be found. `bad` knows then what was skipped. Nothing where that has to be read, be it to tell what is wrong
  /// with a line.
  [[nodiscard]] std::optional<table_data> find(const table_columns* like, bad_lines& bad);
  [[nodiscard]] std::optional<rating_data> find(const rating_names* like, bad_lines& bad);

  /// Writes what was read, and gives it as it lies there. Where that cannot be, or the text was changed meanwhile,
  /// gives it as it is.
  [[nodiscard]] table_data keep(table_data what, const table_columns* like, bad_lines& bad);
  [[nodiscard]] rating_data keep(rating_data what, const rating_names* like, bad_lines& bad);

  /// Does without a cache, from now on.
  void give_up(const std::string& why);

private:
  template <class Result, class Make>
  std::optional<Result> use(bad_lines& bad, Make make);
  [[nodiscard]] bool write(cache_facts facts, const bad_lines& bad,
                           std::span<const std::span<const std::byte>> sections);

  std::filesystem::path text_;
  std::string recipe_;
  std::vector<std::string>* notes_;
  std::optional<file_state> state_; ///< of the text when this began
  std::filesystem::path path_;
};

} // namespace drover

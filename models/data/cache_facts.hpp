#pragma once

#include "drover/models/data/rating.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace drover {

/// What changes when a file does.
struct file_state {
  std::uint64_t bytes = 0;
  std::int64_t changed_ns = 0; ///< since the epoch of std::filesystem's clock

  bool operator==(const file_state&) const = default;
};

/// Nothing where it cannot be told.
[[nodiscard]] std::optional<file_state> state_of(const std::filesystem::path& path);

/// What a data cache was made of, and what was found besides its arrays.
struct cache_facts {
  std::string recipe; ///< the options that the result depends on, for people to read
  file_state source;
  bool has_given_names = false;    ///< columns or names were not found but those of a model or other data
  std::uint64_t lines_skipped = 0; ///< that could not be read
  std::string first_skipped;       ///< what was wrong with the first, behind the name of the file
  table_columns columns;           ///< of rows
  std::uint64_t features = 0;      ///< of rows
  std::uint64_t classes = 0;       ///< of rows; 0: labels are numbers
  rating_names names;              ///< of ratings
};

[[nodiscard]] std::string encode_facts(const cache_facts& facts);

/// Throws std::runtime_error with the end of a sentence, "it is damaged: …", for text that is none of these.
[[nodiscard]] cache_facts decode_facts(std::string_view text);

} // namespace drover

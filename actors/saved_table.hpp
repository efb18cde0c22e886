#pragma once

#include "drover/models/data/rating.hpp"
#include "drover/models/data/table_columns.hpp"

#include <string>
#include <string_view>

namespace drover {

/// A table's columns as JSON with the fields of messages/table.capnp: what a saved model remembers.
[[nodiscard]] std::string to_json(const table_columns& columns);

/// The reverse, of text from outside. Throws std::runtime_error with the end of a sentence for text that is something
/// else, or whose numbers and names do not fit each other.
[[nodiscard]] table_columns table_from_json(std::string_view text);

/// The same for the users and items of ratings, with the fields of messages::RatingNames.
[[nodiscard]] std::string to_json(const rating_names& names);
[[nodiscard]] rating_names ratings_from_json(std::string_view text);

} // namespace drover

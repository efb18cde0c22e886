#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/csv_header.hpp"
#include "drover/models/data/sparse_table.hpp"

#include <cstdint>
#include <string_view>

namespace drover {

/// Decodes comma-separated text with words in it, as logs have them. Header, label and its column are as for
/// `decode_csv`; every other field is a feature of its column's name, the column's number from 0 where there is no
/// header:
///
/// - a finite number of 32 bits is the value of the feature that `feature_namespace{column}("")` hashes to,
/// - another text is the feature `feature_namespace{column}(text)`, and its value 1; "nan" is such a text,
/// - an empty field is no feature, and neither is a 0.
///
/// A feature's column in the rows is the lowest `bits` of its hash, from 1 to `hash_bits_max`; values of the same one
/// are added. `columns` of the result are those of the text; the features are 2 to the power of `bits`.
///
/// With `options.like`, columns, their names and classes are those, and others are refused: the same field is the same
/// feature.
///
/// A row that cannot be read adds nothing: `bad` gets a sentence that starts with `name` and says line and column: a
/// row of different length, a label that is none, values of features that hash alike that are more than a float holds
/// when added. Throws std::runtime_error with such a sentence where `bad` does, for a first line that is wrong, no such
/// label column, or no rows.
[[nodiscard]] sparse_table decode_hashed_csv(std::string_view text, std::string_view name, std::uint32_t bits,
                                             const csv_options& options, bad_lines& bad);

} // namespace drover

#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/sparse_table.hpp"
#include "drover/models/data/svm_text.hpp"

#include <string>
#include <string_view>

namespace drover {

/// What reads such text with these options: IDs are refused from `svm_features_max` on where all features are trained
/// on; where rows are, up to svm_text::largest_id - 1, so that columns with the label's are counted in 32 bits; and any
/// of 64 bits where they are hashed. With `options.like` larger IDs than that has are read, for they are left out
/// later: nothing was learned of them.
[[nodiscard]] svm_text make_svm_text(std::string name, const sparse_options& options);

/// Reads text as that does, then makes a table as `make_table`; throws what they throw.
[[nodiscard]] sparse_table decode_svm(std::string_view text, std::string_view name, const sparse_options& options,
                                      bad_lines& bad);

} // namespace drover

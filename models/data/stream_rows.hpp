#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/data_cache.hpp"
#include "drover/models/data/sparse_rows.hpp"
#include "drover/models/data/sparse_table.hpp"

#include <filesystem>
#include <functional>
#include <string_view>

namespace drover {

/// Adds the rows of some lines, as svm_text and vw_text do.
using rows_reader = std::function<void(std::string_view lines, sparse_rows& into, bad_lines& bad)>;

/// Reads a file of sparse rows as that does and makes the table that `make_table` makes of all of them, without having
/// them in memory: 16 bytes a row are, and of the features those of one piece of the text. The rest lies in `folder`,
/// in files without a name, and is mapped from there. Throws what reading and `make_table` throw, and spill_problem.
[[nodiscard]] table_data stream_rows(const rows_reader& read, const std::filesystem::path& path,
                                     const sparse_options& options, bad_lines& bad,
                                     const std::filesystem::path& folder);

} // namespace drover

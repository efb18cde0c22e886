#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/dataset.hpp"

#include <filesystem>

namespace drover {

/// Fills in what a dataset_pair tells of lines that were skipped: how many in all, the first, and where both files had
/// some how many in each. A file that is both is counted once.
void note_skipped(const std::filesystem::path& train, const bad_lines& bad, const std::filesystem::path& test,
                  const bad_lines& bad_test, dataset_pair& into);

} // namespace drover

#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/rating.hpp"

namespace drover {

/// Reads ratings as ratings_text does, from files that are plain or .gz: source.data to train on, and source.test_data
/// to test on or the held-out share of the data. Users and items are those of the data, whether held out or not, and
/// become names; what only the test data have is `rating_unknown`. `like`: the names of other data, as those that a
/// model was trained on, for the data, too; null for those that are found.
///
/// Of each file so many lines as the source says may be such that cannot be read. Throws std::runtime_error with one
/// sentence: which file, what is wrong, what is allowed.
[[nodiscard]] dataset_pair load_ratings(const data_source& source, const rating_names* like = nullptr);

} // namespace drover

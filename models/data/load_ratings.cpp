#include "drover/models/data/load_ratings.hpp"

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/data_cache.hpp"
#include "drover/models/data/file_lines.hpp"
#include "drover/models/data/holdout.hpp"
#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/data/ratings_text.hpp"
#include "drover/models/data/skipped_lines.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace drover {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_source(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

void check_source(const data_source& source) {
  if (source.data.empty())
    refuse_source("no data are named: a file of ratings is needed");
  for (const auto& path : {source.data, source.test_data})
    if (std::error_code ignored; fs::is_directory(path, ignored)) // what else is wrong, reading it tells
      refuse_source(path.string() + " is a folder: a file of ratings is needed");
  if (!source.label_column.empty())
    refuse_source("a label column, " + source.label_column + ", is given, but " + source.data.string() +
                  " holds ratings: users, items and numbers in this order");
  if (!(source.rating_min <= source.rating_max))
    refuse_source("ratings from " + std::to_string(source.rating_min) + " to " + std::to_string(source.rating_max) +
                  " are asked for: the first has to be the smaller");
  if (!(source.holdout >= 0 && source.holdout < 1))
    refuse_source("holdout is " + std::to_string(source.holdout) + ": a share from 0 and below 1 is allowed");
  if (!source.test_data.empty() && source.holdout != 0)
    refuse_source("holdout is " + std::to_string(source.holdout) + ", but " + source.data.string() +
                  " comes with data to test on: give one of the two");
  if (source.test_data.empty() && source.holdout == 0)
    refuse_source(source.data.string() + " comes without data to test on: give a test file or a holdout, as in 0.1");
}

rating_data parse_ratings(const fs::path& path, const data_source& source, const rating_names* like, bad_lines& bad) {
  std::vector<rating> ratings;
  ratings_text text{path.string(), {.minimum = source.rating_min, .maximum = source.rating_max}, like};
  read_data_pieces(path, [&text, &ratings, &bad](std::string_view lines) { text.read(lines, ratings, bad); });
  if (ratings.empty())
    refuse_source(path.string() + ": there are no ratings");
  rating_data result{nullptr, text.take_names()};
  try {
    result.ratings =
        std::make_shared<ratings_dataset>(std::move(ratings), result.names.users.size(), result.names.items.size());
  } catch (const std::invalid_argument& problem) {
    refuse_source(path.string() + ": " + problem.what());
  }
  return result;
}

std::string written(float number) {
  std::array<char, 32> letters{};
  return {letters.data(), std::to_chars(letters.data(), letters.data() + letters.size(), number).ptr};
}

/// From the cache where there is one.
rating_data read_ratings(const fs::path& path, const data_source& source, const rating_names* like, bad_lines& bad,
                         std::vector<std::string>& notes) {
  auto recipe = "ratings from " + written(source.rating_min) + " to " + written(source.rating_max);
  data_cache cache{source.data_cache, path, std::move(recipe), notes};
  if (auto found = cache.find(like, bad))
    return std::move(*found);
  return cache.keep(parse_ratings(path, source, like, bad), like, bad);
}

dataset_pair split_ratings(std::shared_ptr<const dataset> all, const data_source& source) {
  try {
    return hold_out(std::move(all), source.holdout, source.seed);
  } catch (const std::invalid_argument& problem) {
    refuse_source(source.data.string() + ": " + problem.what());
  }
}

} // namespace

dataset_pair load_ratings(const data_source& source, const rating_names* like) {
  check_source(source);
  bad_lines bad{source.lines_skipped_max};
  bad_lines bad_test{source.lines_skipped_max};
  std::vector<std::string> notes;
  auto [all, found] = read_ratings(source.data, source, like, bad, notes);
  auto names = std::make_shared<const rating_names>(std::move(found));
  dataset_pair result;
  if (source.test_data.empty())
    result = split_ratings(std::move(all), source);
  else
    result = {std::move(all), read_ratings(source.test_data, source, names.get(), bad_test, notes).ratings};
  result.names = names;
  note_skipped(source.data, bad, source.test_data, bad_test, result);
  result.notes = std::move(notes);
  return result;
}

} // namespace drover

#include "drover/models/data/data_cache.hpp"

#include "drover/models/data/cache_file.hpp"
#include "drover/models/data/feature_hash.hpp"
#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include <array>
#include <charconv>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

namespace drover {

namespace {

namespace fs = std::filesystem;

constexpr const char* ending = ".drover-cache";

static_assert(sizeof(rating) == 12 && std::is_trivially_copyable_v<rating>, "ratings are written as they lie");

/// Which section has what.
enum row_section : std::size_t { row_ends, row_columns, row_values, row_labels, row_classes };

fs::path place_of(const std::string& where, const fs::path& text) {
  if (where == "off")
    return {};
  if (where == "beside")
    return fs::path{text} += ending;
  std::error_code unknown; // reading the text says what is wrong then
  auto whole = fs::weakly_canonical(fs::absolute(text, unknown), unknown).string();
  std::array<char, 16> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), fnv_1a(whole), 16).ptr;
  return fs::path{where} / (text.filename().string() + "-" + std::string(digits.data(), end) + ending);
}

/// Whether what was read with names that were found, or were given, is what would be read with these.
template <class Names>
bool fits(const cache_facts& facts, const Names& found, const Names* given) {
  if (given == nullptr)
    return !facts.has_given_names;
  // Lines that were skipped may be such that names that are given make good.
  return found == *given && (facts.has_given_names || facts.lines_skipped == 0);
}

} // namespace

data_cache::data_cache(const std::string& where, fs::path text, std::string recipe, std::vector<std::string>& notes)
    : text_(std::move(text)), recipe_(std::move(recipe)), notes_(&notes), state_(state_of(text_)) {
  if (state_)
    path_ = place_of(where, text_);
}

/// `make`: makes the result of a cache of this text and these options; throws std::exception with the end of a sentence
/// where it cannot.
template <class Result, class Make>
std::optional<Result> data_cache::use(bad_lines& bad, Make make) {
  std::error_code unknown;
  if (path_.empty() || !fs::exists(path_, unknown))
    return std::nullopt;
  try {
    cache_file file{path_};
    auto facts = decode_facts(file.text());
    if (facts.source != *state_)
      throw std::runtime_error("the data were changed since it was made");
    if (facts.recipe != recipe_)
      throw std::runtime_error("it was made of " + facts.recipe + ", and " + recipe_ + " are wanted");
    if (facts.lines_skipped > bad.skipped_max())
      return std::nullopt; // reading the text says what is wrong
    auto skipped = facts.lines_skipped;
    auto first = text_.string() + facts.first_skipped;
    Result result = make(file, std::move(facts));
    bad.take_over(skipped, first);
    return result;
  } catch (const std::exception& problem) {
    notes_->push_back("data cache " + path_.string() + " is made anew: " + problem.what());
    return std::nullopt;
  }
}

std::optional<table_data> data_cache::find(const table_columns* like, bad_lines& bad) {
  return use<table_data>(bad, [like](const cache_file& file, cache_facts facts) {
    if (!fits(facts, facts.columns, like))
      throw std::runtime_error("it was made for other columns");
    sparse_rows_view rows{file.section<std::uint64_t>(row_ends), file.section<std::uint32_t>(row_columns),
                          file.section<float>(row_values), file.section<float>(row_labels)};
    data_shape shape{.features = facts.features, .classes = facts.classes};
    table_data result{std::move(facts.columns), nullptr};
    result.rows = std::make_shared<sparse_dataset>(shape, rows, file.section<std::uint32_t>(row_classes), file.owner());
    return result;
  });
}

std::optional<rating_data> data_cache::find(const rating_names* like, bad_lines& bad) {
  return use<rating_data>(bad, [like](const cache_file& file, cache_facts facts) {
    if (!fits(facts, facts.names, like))
      throw std::runtime_error("it was made for other users and items");
    auto ratings = file.section<rating>(0);
    if (ratings.empty())
      throw std::runtime_error("it is damaged: there are no ratings");
    auto data =
        std::make_shared<ratings_dataset>(ratings, facts.names.users.size(), facts.names.items.size(), file.owner());
    return rating_data{std::move(data), std::move(facts.names)};
  });
}

table_data data_cache::keep(table_data what, const table_columns* like, bad_lines& bad) {
  auto shape = what.rows->shape();
  const auto& rows = *what.rows->rows();
  const std::array<std::span<const std::byte>, 5> sections = {std::as_bytes(rows.ends), std::as_bytes(rows.columns),
                                                              std::as_bytes(rows.values), std::as_bytes(rows.labels),
                                                              std::as_bytes(what.rows->classes())};
  cache_facts facts;
  facts.has_given_names = like != nullptr;
  facts.columns = what;
  facts.features = shape.features;
  facts.classes = shape.classes;
  if (write(std::move(facts), bad, sections))
    if (auto mapped = find(like, bad))
      return std::move(*mapped);
  return what;
}

rating_data data_cache::keep(rating_data what, const rating_names* like, bad_lines& bad) {
  cache_facts facts;
  facts.has_given_names = like != nullptr;
  facts.names = what.names;
  const auto ratings = std::as_bytes(what.ratings->ratings());
  if (write(std::move(facts), bad, {&ratings, 1}))
    if (auto mapped = find(like, bad))
      return std::move(*mapped);
  return what;
}

bool data_cache::write(cache_facts facts, const bad_lines& bad, std::span<const std::span<const std::byte>> sections) {
  if (path_.empty())
    return false;
  facts.recipe = recipe_;
  facts.source = *state_;
  facts.lines_skipped = bad.skipped();
  // All begin with the name of the file, which may be another way to it next time.
  if (bad.skipped() != 0)
    facts.first_skipped = bad.first().substr(text_.string().size());
  try {
    if (state_of(text_) != state_)
      throw std::runtime_error("the data were changed while they were read");
    write_cache_file(path_, encode_facts(facts), sections);
    return true;
  } catch (const std::exception& problem) {
    give_up(problem.what());
    return false;
  }
}

void data_cache::give_up(const std::string& why) {
  notes_->push_back("data cache " + path_.string() + " is not written: " + why);
  path_.clear();
}

} // namespace drover

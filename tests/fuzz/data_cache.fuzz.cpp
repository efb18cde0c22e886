#include "drover/models/data/cache_facts.hpp"
#include "drover/models/data/cache_file.hpp"
#include "drover/models/data/data_facts.hpp"
#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace drover;

namespace {

/// The sections behind a head that is right, as a file.
std::string file_of(const cache_facts& facts, std::span<const std::span<const std::byte>> sections) {
  auto file = std::filesystem::temp_directory_path() / ("drover-fuzz-cache-" + std::to_string(::getpid()));
  write_cache_file(file, encode_facts(facts), sections);
  std::ifstream in{file, std::ios::binary};
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  std::filesystem::remove(file);
  return result;
}

// Columns as indices, every number: what models do with a row.
void use(const sparse_dataset& data) {
  auto facts = facts_of(data, sample_kind::rows);
  for (std::size_t i = 0; i < data.size(); ++i) {
    auto row = (*data.rows())[i];
    if (!std::isfinite(row.label))
      std::abort();
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      if (!((*facts.shares)[row.columns[k]] > 0) || !std::isfinite(row.values[k]))
        std::abort();
  }
}

void use(const ratings_dataset& data) {
  check_indices(data, sample_kind::ratings);
  for (const auto& each : data.ratings())
    if (!std::isfinite(each.value))
      std::abort();
}

/// What data sets make of arrays; of features there are so many that memory holds them.
void use(const cache_facts& facts, const sparse_rows_view& rows, std::span<const std::uint32_t> classes,
         std::span<const rating> ratings, const std::shared_ptr<const void>& owner) {
  constexpr std::size_t features_max = 1u << 16;
  try {
    auto shape = data_shape{.features = facts.features % features_max, .classes = facts.classes};
    use(sparse_dataset{shape, rows, classes, owner});
  } catch (const std::invalid_argument&) { // refused
  }
  try {
    use(ratings_dataset{ratings, facts.names.users.size(), facts.names.items.size(), owner});
  } catch (const std::invalid_argument&) { // refused
  }
}

template <class T>
std::vector<T> take_numbers(fuzz::input& in) {
  auto bytes = in.take_bytes(in.take<std::uint8_t>());
  std::vector<T> result(bytes.size() / sizeof(T));
  if (!result.empty())
    std::memcpy(result.data(), bytes.data(), result.size() * sizeof(T));
  return result;
}

/// What no mutation of a file reaches, for its head has a checksum.
void read_behind_head(fuzz::input& in) {
  auto facts = decode_facts(in.take_text());
  auto ends = take_numbers<std::uint64_t>(in);
  auto columns = take_numbers<std::uint32_t>(in);
  auto values = take_numbers<float>(in);
  auto labels = take_numbers<float>(in);
  auto classes = take_numbers<std::uint32_t>(in);
  use(facts, {ends, columns, values, labels}, classes, take_numbers<rating>(in), nullptr);
}

void read_file(std::span<const std::uint8_t> bytes) {
  fuzz::memory_file input{bytes};
  cache_file file{input.path()};
  auto facts = decode_facts(file.text());
  if (encode_facts(facts) != file.text())
    std::abort();
  auto is_of_rows = facts.names.users.empty();
  if (is_of_rows)
    use(facts,
        {file.section<std::uint64_t>(0), file.section<std::uint32_t>(1), file.section<float>(2),
         file.section<float>(3)},
        file.section<std::uint32_t>(4), {}, file.owner());
  else
    use(facts, {}, {}, file.section<rating>(0), file.owner());
}

} // namespace

// The input is, by its first byte, a file, or facts and arrays as they lie behind a file's head.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  try {
    if (in.take<std::uint8_t>() == 0)
      read_file(in.take_bytes(size));
    else
      read_behind_head(in);
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  const std::array<std::uint64_t, 2> ends{2, 3};
  const std::array<std::uint32_t, 3> columns{1, 5, 2};
  const std::array<float, 3> values{1, 2, 3};
  const std::array<float, 2> labels{1, -1};
  const std::array<std::uint32_t, 2> classes{1, 0};
  const std::array<std::span<const std::byte>, 5> rows{
      std::as_bytes(std::span{ends}), std::as_bytes(std::span{columns}), std::as_bytes(std::span{values}),
      std::as_bytes(std::span{labels}), std::as_bytes(std::span{classes})};
  cache_facts of_rows;
  of_rows.recipe = "SVM text";
  of_rows.first_skipped = ", line 2, column 1: a label has to be a number";
  of_rows.lines_skipped = 1;
  of_rows.columns = {.names = {}, .columns = 7, .label_column = 0, .class_names = {"-1", "1"}, .classes = 2};
  of_rows.features = 6;
  of_rows.classes = 2;
  const std::array<rating, 2> rated{{{0, 1, 4}, {1, rating_unknown, 3}}};
  const std::span<const std::byte> ratings = std::as_bytes(std::span{rated});
  cache_facts of_ratings;
  of_ratings.recipe = "ratings";
  of_ratings.names = {{"me", "you"}, {"a", "b"}};
  auto sized = [](std::string_view bytes) { return static_cast<char>(bytes.size()) + std::string{bytes}; };
  auto behind = "x" + sized(encode_facts(of_rows));
  for (auto section : rows)
    behind += sized({reinterpret_cast<const char*>(section.data()), section.size()});
  const std::string file(1, '\0');
  return {file + file_of(of_rows, rows), file + file_of(of_ratings, {&ratings, 1}), behind,
          "x" + sized(encode_facts(of_ratings)) + std::string(5, '\0') +
              sized({reinterpret_cast<const char*>(ratings.data()), ratings.size()})};
}

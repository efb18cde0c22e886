#include "drover/models/data/hashed_csv.hpp"

#include "drover/models/data/feature_hash.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace drover;

namespace {

void check(const sparse_table& table, bool has_classes, std::uint32_t bits) {
  const auto& rows = table.rows;
  if (rows.labels.size() != rows.size() || table.labels.size() != (has_classes ? rows.size() : 0) ||
      rows.columns.size() != rows.values.size() || rows.columns.size() != rows.ends.back())
    std::abort();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    if (!std::isfinite(row.label))
      std::abort();
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      if (!std::isfinite(row.values[k]) || row.columns[k] >> bits != 0 ||
          (k > 0 && row.columns[k] <= row.columns[k - 1]))
        std::abort();
  }
}

} // namespace

// Bits of the hash, whether there are classes, lines that may be skipped, a text naming the label's column, a text of
// data to train on, and the rest is data to test on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto bits = 1 + in.take<std::uint8_t>() % hash_bits_max;
  bool has_classes = in.take<std::uint8_t>() % 2 == 0;
  auto skipped_max = in.take_count();
  auto label_column = in.take_text();
  auto train_bytes = in.take_bytes(in.take<std::uint16_t>());
  auto test_bytes = in.take_rest();
  auto train_text = fuzz::text_of(train_bytes.data(), train_bytes.size());
  csv_options options{.label_column = label_column, .has_classes = has_classes};
  try {
    bad_lines bad{skipped_max};
    auto train = decode_hashed_csv(train_text, "train.csv", bits, options, bad);
    check(train, has_classes, bits);
    options.like = &train;
    bad_lines bad_again{skipped_max};
    auto again = decode_hashed_csv(train_text, "train.csv", bits, options, bad_again);
    if (again.rows.columns != train.rows.columns || again.rows.values != train.rows.values ||
        again.labels != train.labels || again.rows.labels != train.rows.labels || bad_again.skipped() != bad.skipped())
      std::abort();
    bad_lines bad_test{skipped_max};
    auto test = decode_hashed_csv({reinterpret_cast<const char*>(test_bytes.data()), test_bytes.size()}, "test.csv",
                                  bits, options, bad_test);
    check(test, has_classes, bits);
    if (static_cast<const table_columns&>(test) != static_cast<const table_columns&>(train))
      std::abort();
    // Checks labels and lengths once more.
    static_cast<void>(make_dataset(std::move(train)));
    static_cast<void>(make_dataset(std::move(test)));
  } catch (const std::runtime_error&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](std::string start, const std::string& column, const std::string& train, const std::string& test) {
    auto size = train.size();
    return start + static_cast<char>(column.size()) + column + static_cast<char>(size & 0xff) +
           static_cast<char>(size >> 8) + train + test;
  };
  const std::string classes{17, 0, 0};
  const std::string numbers{3, 1, 2};
  return {
      seed(classes, "", "a,b,label\n1,x,0\n,4.5e-3,1\n", "a,b,label\n1,2,0\n"),
      seed(numbers, "kind", "\"x \"\"y\"\"\",kind\n1,\"0.5\"\n2\nnan,-3\n", "1,7\n"),
      seed(classes, "0", "yes,1\n\nno,2\n", "yes,2"),
      seed(numbers, "", "3e38,3e38,3e38,1\nx,\xe4,y,2\n", "\"1,2"),
  };
}

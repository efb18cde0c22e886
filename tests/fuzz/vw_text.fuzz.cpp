#include "drover/models/data/vw_text.hpp"

#include "drover/models/data/sparse_table.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace drover;

namespace {

/// Rows, and what was skipped for them.
struct reading {
  sparse_rows rows;
  bad_lines bad;
};

reading read(std::string_view first, std::string_view second, std::uint32_t bits, std::uint64_t skipped_max) {
  reading result{{}, bad_lines{skipped_max}};
  vw_text text{"f.vw", bits};
  try {
    text.read(first, result.rows, result.bad);
    text.read(second, result.rows, result.bad);
  } catch (const std::runtime_error&) { // refused
  }
  return result;
}

bool is_same(const reading& a, const reading& b) {
  return a.rows.ends == b.rows.ends && a.rows.columns == b.rows.columns && a.rows.values == b.rows.values &&
         a.rows.labels == b.rows.labels && a.bad.skipped() == b.bad.skipped() && a.bad.first() == b.bad.first();
}

void check(const sparse_rows& rows, std::uint32_t bits) {
  if (rows.labels.size() != rows.size() || rows.columns.size() != rows.values.size() ||
      rows.columns.size() != (rows.size() == 0 ? 0 : rows.ends.back()))
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

// Bits of the hash, lines that may be skipped, and text: whole, and in two pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto bits = 1 + in.take<std::uint8_t>() % hash_bits_max;
  auto skipped_max = in.take_count();
  auto bytes = in.take_rest();
  std::string_view all{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  auto first = all.find('\n', all.size() / 2);
  first = first == std::string_view::npos ? all.size() : first + 1;
  auto whole = read(all, {}, bits, skipped_max);
  if (!is_same(whole, read(all.substr(0, first), all.substr(first), bits, skipped_max)))
    std::abort();
  check(whole.rows, bits);
  for (bool has_classes : {true, false})
    try {
      static_cast<void>(
          make_dataset(make_table(sparse_rows{whole.rows}, "f.vw",
                                  {.kind = sample_kind::rows, .has_classes = has_classes, .hash_bits = bits})));
    } catch (const std::runtime_error&) {
    }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](char bits, char skipped_max, const std::string& text) {
    return std::string{bits, skipped_max} + text;
  };
  return {
      seed(17, 0, "1 1.0 'tag|user age:0.5 male 42:3 |item:2 red\n-1 |a b\r\n0.25 tag| x"),
      seed(1, 3, "1 |a b:x\n2 2 |a b\n|a\n1 |a b:3e38 c:3e38 d:3e38\n"),
  };
}

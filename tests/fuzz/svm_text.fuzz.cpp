#include "drover/models/data/svm_text.hpp"

#include "drover/models/data/svm_table.hpp"

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

reading read(std::string_view first, std::string_view second, svm_text text, std::uint64_t skipped_max) {
  reading result{{}, bad_lines{skipped_max}};
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

void check(const sparse_rows& rows, std::uint32_t id_max) {
  if (rows.labels.size() != rows.size() || rows.columns.size() != rows.values.size() ||
      rows.columns.size() != (rows.size() == 0 ? 0 : rows.ends.back()))
    std::abort();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    if (!std::isfinite(row.label))
      std::abort();
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      if (!std::isfinite(row.values[k]) || row.columns[k] > id_max || (k > 0 && row.columns[k] <= row.columns[k - 1]))
        std::abort();
  }
}

void read_pieces(const svm_text& text, std::string_view all, std::uint32_t id_max, std::uint64_t skipped_max) {
  auto first = all.find('\n', all.size() / 2);
  first = first == std::string_view::npos ? all.size() : first + 1;
  auto whole = read(all, {}, text, skipped_max);
  if (!is_same(whole, read(all.substr(0, first), all.substr(first), text, skipped_max)))
    std::abort();
  check(whole.rows, id_max);
}

} // namespace

// The largest ID, bits of the hash, lines that may be skipped, and text: whole, and in two pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto id_max = in.take<std::uint32_t>();
  auto bits = 1 + in.take<std::uint8_t>() % hash_bits_max;
  auto skipped_max = in.take_count();
  auto bytes = in.take_rest();
  std::string_view all{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  read_pieces(svm_text{"f.svm", id_max}, all, id_max, skipped_max);
  read_pieces(svm_text::hashed("f.svm", bits), all, (std::uint32_t{1} << bits) - 1, skipped_max);
  for (auto options : {sparse_options{}, sparse_options{.kind = sample_kind::rows, .has_classes = false},
                       sparse_options{.kind = sample_kind::rows, .hash_bits = bits}})
    try {
      bad_lines bad{skipped_max};
      auto train = decode_svm(all, "f.svm", options, bad);
      options.like = &train;
      bad_lines bad_again{skipped_max};
      auto again = decode_svm(all, "f.svm", options, bad_again);
      if (options.kind == sample_kind::rows && again.labels != train.labels)
        std::abort();
      auto rows = make_dataset(std::move(again));
      for (auto column : rows->rows()->columns)
        if (column >= train.features)
          std::abort();
    } catch (const std::runtime_error&) {
    }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](char id_max, char bits, char skipped_max, const std::string& text) {
    return std::string{id_max, '\0', '\0', '\0', bits, skipped_max} + text;
  };
  return {
      seed(100, 17, 0, "+1 1:0.5 7:-2e1\n-1\n0.25 qid:3 0:1 94:+3 # the last\r\n"),
      seed(9, 1, 2, "1 2:2 3:x\nb\n2 4:4 4:4\n1 9:nan"),
      seed(9, 0, 9, "1 18446744073709551615:1\n1 1:3e38 2:3e38 3:3e38 4:3e38\n2 1:1"),
  };
}

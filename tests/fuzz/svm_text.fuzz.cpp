#include "drover/models/data/svm_text.hpp"

#include "drover/models/data/svm_table.hpp"

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

bool is_same(const sparse_rows& a, const sparse_rows& b) {
  return a.ends == b.ends && a.columns == b.columns && a.values == b.values && a.labels == b.labels;
}

} // namespace

// The largest ID, and text: whole, and in two pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto id_max = in.take<std::uint32_t>();
  auto bytes = in.take_rest();
  std::string_view all{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  sparse_rows whole;
  sparse_rows pieces;
  try {
    svm_text{"f.svm", id_max}.read(all, whole);
  } catch (const std::runtime_error&) { // refused
  }
  try {
    svm_text text{"f.svm", id_max};
    auto first = all.find('\n', all.size() / 2);
    first = first == std::string_view::npos ? all.size() : first + 1;
    text.read(all.substr(0, first), pieces);
    text.read(all.substr(first), pieces);
  } catch (const std::runtime_error&) {
  }
  if (!is_same(whole, pieces) || whole.labels.size() != whole.size() || whole.columns.size() != whole.values.size() ||
      whole.columns.size() != (whole.size() == 0 ? 0 : whole.ends.back()))
    std::abort();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto row = whole[i];
    if (!std::isfinite(row.label))
      std::abort();
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      if (!std::isfinite(row.values[k]) || row.columns[k] > id_max || (k > 0 && row.columns[k] <= row.columns[k - 1]))
        std::abort();
  }
  try {
    static_cast<void>(make_dataset(decode_svm(all, "f.svm")));
  } catch (const std::runtime_error&) {
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](char id_max, const std::string& text) { return std::string{id_max, '\0', '\0', '\0'} + text; };
  return {
      seed(100, "+1 1:0.5 7:-2e1\n-1\n0.25 qid:3 0:1 94:+3 # the last\r\n"),
      seed(9, "1 2:2 3:x\nb\n2 4:4 4:4\n1 9:nan"),
  };
}

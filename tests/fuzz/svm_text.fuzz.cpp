#include "drover/models/data/svm_text.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cmath>
#include <cstdlib>
#include <stdexcept>

using namespace drover;

// How many lines may be bad, how long the first of two pieces is, and text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  svm_text text{"f.svm", in.take<std::uint8_t>()};
  auto first = in.take_bytes(in.take<std::uint8_t>());
  auto rest = in.take_rest();
  sparse_rows rows;
  try {
    text.read(fuzz::text_of(first.data(), first.size()), rows);
    text.read({reinterpret_cast<const char*>(rest.data()), rest.size()}, rows);
  } catch (const std::runtime_error&) { // refused
  }
  if (rows.labels.size() != rows.size() || rows.columns.size() != rows.values.size() ||
      rows.columns.size() != (rows.size() == 0 ? 0 : rows.ends.back()))
    std::abort();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    if (!std::isfinite(row.label))
      std::abort();
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      if (!std::isfinite(row.values[k]) || (k > 0 && row.columns[k] <= row.columns[k - 1]))
        std::abort();
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto seed = [](char bad_lines, const std::string& text) { return std::string{bad_lines, '\0'} + text; };
  return {
      seed(0, "+1 1:0.5 7:-2e1\n-1\n0.25 qid:3 0:1 4294967294:+3 # the last\r\n"),
      seed(3, "1 2:2 3:x\nb\n2 4:4 4:4\n1 9:nan"),
  };
}

#include "drover/models/data/svm_text.hpp"
#include "drover/models/data/vw_text.hpp"

#include "tests/bench/measure.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

// Text of RCV1's shape: 47,236 features, 70 a row, the smaller the more often, values of six digits.

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::size_t rows_count = 20'000;
constexpr std::uint32_t features = 47'236;
constexpr std::size_t features_a_row = 70;

std::string rows_as_text() {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> uniform{0, 1};
  std::string result;
  std::array<char, 32> value{};
  for (std::size_t i = 0; i < rows_count; ++i) {
    std::vector<std::uint32_t> ids;
    while (ids.size() < features_a_row) {
      ids.push_back(static_cast<std::uint32_t>(std::pow(features, uniform(random))));
      if (ids.size() == features_a_row) {
        std::ranges::sort(ids);
        ids.erase(std::ranges::unique(ids).begin(), ids.end());
      }
    }
    result += i % 2 == 0 ? "+1" : "-1";
    for (auto id : ids) {
      auto end = std::snprintf(value.data(), value.size(), " %u:%.6g", id, uniform(random) * 0.2);
      result.append(value.data(), static_cast<std::size_t>(end));
    }
    result += '\n';
  }
  return result;
}

/// The same as Vowpal Wabbit writes it: the text of a number is then the name of a feature, to be hashed.
std::string as_vowpal_wabbit(const std::string& text) {
  std::string result;
  bool is_label = true;
  for (auto letter : text) {
    if (is_label && letter == ' ') {
      result += " |f";
      is_label = false;
    }
    result += letter;
    is_label = is_label || letter == '\n';
  }
  return result;
}

/// Bytes a second of reading `lines` as rows.
template <class Text>
double rate_of(Text text, const std::string& lines) {
  return static_cast<double>(lines.size()) / seconds_of([&text, &lines] {
           sparse_rows rows;
           bad_lines none;
           text.read(lines, rows, none);
           asm volatile("" ::"r"(rows.values.data()) : "memory");
         });
}

} // namespace

int main(int argc, char** argv) {
  print_title("reading sparse rows as text, bytes a second");
  auto text = rows_as_text();
  auto bytes = static_cast<double>(text.size());
  std::string copy(text.size(), ' ');
  contest sides;
  sides.add("memcpy", [&] {
    return bytes / seconds_of([&] {
             std::memcpy(copy.data(), text.data(), text.size());
             asm volatile("" ::"r"(copy.data()) : "memory");
           });
  });
  sides.add("numbers alone", [&] {
    return bytes / seconds_of([&] {
             double sum = 0;
             for (const auto *at = text.data(), *end = at + text.size(); at < end; ++at)
               if (*at == ':') {
                 double number = 0;
                 at = std::from_chars(at + 1, end, number).ptr;
                 sum += number;
               }
             asm volatile("" ::"x"(sum));
           });
  });
  sides.add("svm_text", [&text] { return rate_of(svm_text{"text"}, text); });
  sides.add("svm_text, hashed", [&text] { return rate_of(svm_text::hashed("text", hash_bits_usual), text); });
  auto vw = as_vowpal_wabbit(text);
  sides.add("vw_text", [&vw] { return rate_of(vw_text{"text", hash_bits_usual}, vw); });
  sides.run(rounds_of(argc, argv, 9));
  std::printf("%.0f MB, %zu rows\n", bytes / 1e6, rows_count);
  for (std::size_t side = 0; side < sides.size(); ++side)
    std::printf("  %-16s %8.0f MB/s   x memcpy %s   x numbers alone %s\n", sides.name(side).c_str(),
                sides.rate(side).median / 1e6, to_string(sides.ratio(side, 0)).c_str(),
                to_string(sides.ratio(side, 1)).c_str());
}

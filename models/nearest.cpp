#include "drover/models/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace drover {

namespace {

/// A change counts two, a change between small and capital letter one.
constexpr std::size_t change = 2;
constexpr std::size_t change_of_case = 1;

std::size_t replacement(char from, char to) {
  if (from == to)
    return 0;
  bool letters = (from >= 'A' && from <= 'Z') || (from >= 'a' && from <= 'z');
  return letters && (from ^ to) == ('a' ^ 'A') ? change_of_case : change;
}

/// Optimal string alignment: rows of the table for the last two letters of `from` and the present one.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> present(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j)
    present[j] = change * j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, present);
    present[0] = change * i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      auto replaced = last[j - 1] + replacement(from[i - 1], to[j - 1]);
      present[j] = std::min({replaced, last[j] + change, present[j - 1] + change});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        present[j] = std::min(present[j], before_last[j - 2] + change);
    }
  }
  return present[to.size()];
}

} // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string result;
  auto best = std::numeric_limits<std::size_t>::max();
  for (const auto& candidate : candidates)
    if (auto changes = distance(word, candidate); changes < best) {
      best = changes;
      result = candidate;
    }
  return result;
}

std::string joined(std::span<const std::string> words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : ", ") + word;
  return result;
}

} // namespace drover

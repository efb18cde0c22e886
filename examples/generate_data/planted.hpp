#pragma once

#include <drover/models/random.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

/// Data that a known model made, so that a learned one can be compared with it.
namespace planted {

/// Uniform in [-1, 1): parameter number `index` of the model that is to be found, or noise.
inline float hidden(std::uint64_t key, std::uint64_t index) {
  return static_cast<float>(drover::random_bits::symmetric(drover::random_bits::at(key, index)));
}

/// Numbers 0 … count - 1 by Zipf's law, the frequent ones scattered among the others.
class zipf {
public:
  zipf(std::size_t count, std::uint64_t key) : number_(count) {
    double sum = 0;
    for (std::size_t rank = 0; rank < count; ++rank)
      ends_.push_back(sum += 1 / static_cast<double>(rank + 10)); // the very first would be everywhere
    std::iota(number_.begin(), number_.end(), 0u);
    drover::random_sequence random{key};
    for (auto left = count; left > 1; --left)
      std::swap(number_[left - 1], number_[random.below(left)]);
  }

  [[nodiscard]] std::uint32_t draw(drover::random_sequence& random) const {
    constexpr std::uint64_t fine = std::uint64_t{1} << 40;
    auto at = static_cast<double>(random.below(fine)) / static_cast<double>(fine) * ends_.back();
    return number_[static_cast<std::size_t>(std::ranges::lower_bound(ends_, at) - ends_.begin())];
  }

  /// `wanted` different ones, ascending; at most half of all.
  [[nodiscard]] std::set<std::uint32_t> draw(std::size_t wanted, drover::random_sequence& random) const {
    std::set<std::uint32_t> result;
    for (wanted = std::min(wanted, number_.size() / 2); result.size() < wanted;)
      result.insert(draw(random));
    return result;
  }

private:
  std::vector<double> ends_;
  std::vector<std::uint32_t> number_;
};

/// Rows of RCV1's shape: some 70 features by Zipf's law, of equal size, norm 1. A hidden linear model tells their two
/// classes apart.
class two_classes {
public:
  /// `noise`: standard deviation of what is added to scores before their sign is taken; theirs is 0.58.
  two_classes(std::size_t features, std::uint64_t seed, float noise = 0)
      : law_(features, drover::random_bits::key(seed, "features")), weights_(drover::random_bits::key(seed, "weights")),
        noise_(noise) {}

  struct row {
    std::set<std::uint32_t> columns;
    float value = 0;         ///< of each feature
    float score = 0;         ///< what the hidden model says
    bool is_positive = true; ///< what is seen
  };
  [[nodiscard]] row draw(drover::random_sequence& random) const {
    row result{.columns = law_.draw(40 + random.below(62), random)};
    result.value = 1 / std::sqrt(static_cast<float>(result.columns.size()));
    for (auto column : result.columns)
      result.score += hidden(weights_, column) * result.value;
    auto noise = noise_ * static_cast<float>(drover::random_bits::normal(random.next()));
    result.is_positive = result.score + noise > 0;
    return result;
  }

private:
  zipf law_;
  std::uint64_t weights_;
  float noise_;
};

/// What users think of items: hidden factors of rank 4 around 3.5, with a standard deviation of 0.67.
class tastes {
public:
  static constexpr std::size_t rank = 4;
  explicit tastes(std::uint64_t seed)
      : users_(drover::random_bits::key(seed, "users")), items_(drover::random_bits::key(seed, "items")) {}

  [[nodiscard]] float of(std::uint32_t user, std::uint32_t item) const {
    float result = 3.5f;
    for (std::size_t f = 0; f < rank; ++f)
      result += hidden(users_, user * rank + f) * hidden(items_, item * rank + f);
    return result;
  }

private:
  std::uint64_t users_;
  std::uint64_t items_;
};

} // namespace planted

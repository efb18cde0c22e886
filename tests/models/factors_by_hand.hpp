#pragma once

#include "drover/models/factor_view.hpp"
#include "drover/models/random.hpp"

#include "factor_fixture.hpp"
#include <algorithm>
#include <cmath>
#include <vector>

namespace drover::test {

using factor_values = std::vector<std::vector<double>>;

inline factor_values in_double(const std::vector<std::vector<float>>& tensors) {
  factor_values result;
  for (const auto& tensor : tensors)
    result.emplace_back(tensor.begin(), tensor.end());
  return result;
}

/// A model mf in double, straight from its definition.
struct factors_by_hand {
  factor_values values;
  std::size_t rank;
  double l2;

  [[nodiscard]] bool has_biases() const { return values.size() > factor_tensors::user_bias; }
  double& p(const rating& of, std::size_t k) { return values[factor_tensors::user_factors][of.user * rank + k]; }
  double& q(const rating& of, std::size_t k) { return values[factor_tensors::item_factors][of.item * rank + k]; }
  double& user_bias(const rating& of) { return values[factor_tensors::user_bias][of.user]; }
  double& item_bias(const rating& of) { return values[factor_tensors::item_bias][of.item]; }

  double error(const rating& of) {
    auto prediction = values[factor_tensors::mean][0];
    if (has_biases())
      prediction += user_bias(of) + item_bias(of);
    for (std::size_t k = 0; k < rank; ++k)
      prediction += p(of, k) * q(of, k);
    return of.value - prediction;
  }

  double objective(const rating& of) {
    auto squares = has_biases() ? user_bias(of) * user_bias(of) + item_bias(of) * item_bias(of) : 0;
    for (std::size_t k = 0; k < rank; ++k)
      squares += p(of, k) * p(of, k) + q(of, k) * q(of, k);
    return (error(of) * error(of) + l2 * squares) / 2;
  }

  void learn(const rating& from, double rate) {
    auto e = error(from);
    if (has_biases()) {
      user_bias(from) += rate * (e - l2 * user_bias(from));
      item_bias(from) += rate * (e - l2 * item_bias(from));
    }
    for (std::size_t k = 0; k < rank; ++k) {
      auto before = p(from, k);
      p(from, k) += rate * (e * q(from, k) - l2 * before);
      q(from, k) += rate * (e * before - l2 * q(from, k));
    }
  }
};

/// From 1 to 5, of users and items that come up again and again.
inline std::vector<rating> drawn_ratings(std::size_t count, const factor_problem& problem) {
  random_sequence draws(7);
  std::vector<rating> result(count);
  for (auto& each : result)
    each = {static_cast<std::uint32_t>(draws.below(problem.users)),
            static_cast<std::uint32_t>(draws.below(problem.items)), static_cast<float>(1 + draws.below(5))};
  return result;
}

/// Draws biases, too: at 0 they would hide faults.
inline void draw_factor_biases(const factor_fixture& fixture) {
  for (auto tensor : {factor_tensors::user_bias, factor_tensors::item_bias}) {
    if (tensor >= fixture.layout.tensors().size())
      continue;
    std::vector<float> biases(fixture.layout.tensors()[tensor].size());
    for (std::size_t i = 0; i < biases.size(); ++i)
      biases[i] = static_cast<float>(0.5 * random_bits::symmetric(random_bits::at(tensor, i)));
    fixture.set(tensor, biases);
  }
}

inline double worst_difference(const factor_values& left, const std::vector<std::vector<float>>& right) {
  double result = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    for (std::size_t j = 0; j < left[i].size(); ++j)
      result = std::max(result, std::abs(left[i][j] - static_cast<double>(right[i][j])));
  return result;
}

} // namespace drover::test

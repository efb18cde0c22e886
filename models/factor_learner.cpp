#include "drover/models/factor_learner.hpp"

#include "drover/models/factor_rows.hpp"
#include "drover/models/factor_view.hpp"
#include "drover/models/shared_tensor.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <variant>

namespace drover {

namespace {

/// How far ahead memory is asked for: ratings, and what they need, lie anywhere.
constexpr std::size_t ratings_ahead = 8;

} // namespace

/// Users or items, changed in place.
struct factor_learner::shared_side {
  shared_tensor factors;
  std::optional<shared_tensor> bias;
  std::size_t count;
  std::size_t rank;

  shared_side(const in_place_parameters& all, std::size_t factors_index, std::size_t bias_index, std::size_t slots)
      : factors(all, factors_index, slots), count(all.layout->tensors()[factors_index].rows()),
        rank(all.layout->tensors()[factors_index].row_size()) {
    if (bias_index < all.layout->tensors().size())
      bias.emplace(all, bias_index, slots);
  }

  [[nodiscard]] bool knows(std::uint32_t index) const { return index < count; }
  [[nodiscard]] float* row(std::uint32_t index) const { return factors.values.data() + index * rank; }
  [[nodiscard]] float bias_of(std::uint32_t index) const {
    return bias && knows(index) ? read_shared(bias->values[index]) : 0;
  }

  // Inlined by order, as all that only prefetches: GCC 12 takes it for a function without effect and drops its calls.
  [[gnu::always_inline]] void fetch(std::uint32_t index, std::size_t slots) const {
    if (!knows(index))
      return;
    fetch_row(factors.values, index);
    for (std::size_t slot = 0; slot < slots; ++slot)
      fetch_row(factors.state[slot], index);
    if (bias)
      __builtin_prefetch(&bias->values[index]);
  }

private:
  [[gnu::always_inline]] void fetch_row(std::span<float> values, std::uint32_t index) const {
    constexpr std::size_t line = 64 / sizeof(float);
    constexpr std::size_t lines_max = 16; // the rest follows by itself
    const auto* first = values.data() + index * rank;
    for (std::size_t k = 0; k < std::min(rank, lines_max * line); k += line)
      __builtin_prefetch(first + k);
    __builtin_prefetch(first + rank - 1);
  }
};

in_place_result factor_learner::learn(const batch& samples, const in_place_parameters& parameters,
                                      const gpu::element_update& rule) {
  check_ratings(samples);
  return std::visit([&](const auto& chosen) { return learn_by(samples, parameters, chosen); }, rule);
}

template <class Rule>
in_place_result factor_learner::learn_by(const batch& samples, const in_place_parameters& parameters,
                                         const Rule& rule) {
  constexpr bool is_sgd = std::is_same_v<Rule, gpu::sgd_update>;
  if constexpr (!is_sgd && !std::is_same_v<Rule, gpu::adagrad_update> && !std::is_same_v<Rule, gpu::ftrl_update>) {
    throw std::invalid_argument("model mf learns in place by sgd, adagrad or ftrl");
  } else {
    const shared_side users{parameters, factor_tensors::user_factors, factor_tensors::user_bias, Rule::slots};
    const shared_side items{parameters, factor_tensors::item_factors, factor_tensors::item_bias, Rule::slots};
    auto start = read_shared(shared_tensor{parameters, factor_tensors::mean, 0}.values[0]);
    auto order = samples.samples;
    auto watched_before = seen_.watched();
    auto lost_before = seen_.lost();
    batch_result result{.samples = samples.size(), .has_classes = false};
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + 2 * ratings_ahead < order.size())
        __builtin_prefetch(&samples.ratings[order[i + 2 * ratings_ahead]]);
      if (i + ratings_ahead < order.size()) {
        const auto& coming = samples.ratings[order[i + ratings_ahead]];
        users.fetch(coming.user, Rule::slots);
        items.fetch(coming.item, Rule::slots);
      }
      auto [user, item, value] = samples.ratings[order[i]];
      auto prediction = start + users.bias_of(user) + items.bias_of(item);
      auto known = users.knows(user) && items.knows(item);
      if (known)
        prediction += shared_factor_product(users.row(user), items.row(item), users.rank);
      auto error = value - prediction;
      result.loss_sum += squared_error(error);
      if (!known)
        continue;
      auto* watched = seen_.next_is_watched() ? &seen_ : nullptr;
      if constexpr (is_sgd) {
        const factor_step step{error, rule.learning_rate, l2_ + rule.weight_decay};
        shared_factor_step(users.row(user), items.row(item), users.rank, step, watched);
      } else {
        step_by_element(rule, users, user, items, item, error, watched);
      }
      if (users.bias)
        step_bias(rule, *users.bias, user, error);
      if (items.bias)
        step_bias(rule, *items.bias, item, error);
    }
    return {result, seen_.watched() - watched_before, seen_.lost() - lost_before};
  }
}

template <class Rule>
void factor_learner::step_by_element(const Rule& rule, const shared_side& users, std::uint32_t user,
                                     const shared_side& items, std::uint32_t item, float error,
                                     lost_updates* watched) const {
  auto write = [watched](float& to, float before, float after) {
    if (watched != nullptr)
      watched->write(to, before, after);
    else
      write_shared(to, after);
  };
  for (std::size_t k = 0; k < users.rank; ++k) {
    auto p = read_shared(users.row(user)[k]);
    auto q = read_shared(items.row(item)[k]);
    update_shared(rule, users.factors, user * users.rank + k, p, l2_ * p - error * q, write);
    update_shared(rule, items.factors, item * users.rank + k, q, l2_ * q - error * p, write);
  }
}

template <class Rule>
void factor_learner::step_bias(const Rule& rule, const shared_tensor& biases, std::uint32_t index, float error) const {
  auto before = read_shared(biases.values[index]);
  update_shared(rule, biases, index, before, l2_ * before - error,
                [](float& to, float, float after) { write_shared(to, after); });
}

void check_ratings(const batch& samples) {
  if (samples.ratings.empty() && samples.size() != 0)
    throw std::invalid_argument("model mf reads ratings, these samples are none");
}

} // namespace drover

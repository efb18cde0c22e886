#include "drover/models/linear_model.hpp"

#include "drover/models/linear_loss.hpp"
#include "drover/models/shared_tensor.hpp"
#include "drover/models/slab_lookup.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace drover {

namespace {

constexpr std::size_t weight = 0;
constexpr std::size_t bias = 1;

/// How far ahead memory is asked for: a row's features lie anywhere.
constexpr std::size_t rows_ahead = 4;

struct pull_to_zero {
  float l1 = 0;
  float l2 = 0;
  std::shared_ptr<const std::vector<float>> shares;

  [[nodiscard]] bool pulls() const { return l1 != 0 || l2 != 0; }
  /// Part of the gradient of a weight.
  [[nodiscard]] float at(float w, std::uint64_t feature) const {
    auto sign = w > 0 ? 1.0f : w < 0 ? -1.0f : 0.0f;
    return (l2 * w + l1 * sign) * (*shares)[feature];
  }
};

/// Sum of w x over a row, in an order that does not depend on what reads: four sums at once hide the adder's latency.
template <class Read>
float score(const sparse_rows::row& row, Read read) {
  std::array<float, 4> sums{};
  std::size_t k = 0;
  for (; k + sums.size() <= row.columns.size(); k += sums.size())
    for (std::size_t i = 0; i < sums.size(); ++i)
      sums[i] += read(row.columns[k + i]) * row.values[k + i];
  for (; k < row.columns.size(); ++k)
    sums[0] += read(row.columns[k]) * row.values[k];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

template <class Loss>
class linear_model final : public model, private in_place_learner {
public:
  linear_model(std::size_t features, bool has_bias, pull_to_zero regularizer)
      : features_(features), has_bias_(has_bias), regularizer_(std::move(regularizer)) {}

  [[nodiscard]] std::vector<tensor_spec> tensors() const override {
    std::vector<tensor_spec> result{{"weight", {features_}, {}, true, row_owner::feature}};
    if (has_bias_)
      result.push_back({"bias", {1}, {}, false});
    return result;
  }

  [[nodiscard]] std::size_t outputs() const override { return Loss::has_classes ? 2 : 1; }

  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override {
    for (std::size_t i = 0; i < gradient.slabs(weight); ++i)
      std::ranges::fill(gradient.slab_of(weight, i).values, 0.0f);
    slab_lookup read{parameters, weight};
    slab_lookup write{gradient, weight};
    auto part = 1 / static_cast<float>(samples.size());
    float bias_slope = 0;
    auto result = each(samples, parameters, [&](const sparse_rows::row& row, float, const loss_at& loss) {
      bias_slope += loss.slope;
      for (std::size_t k = 0; k < row.columns.size(); ++k) {
        auto column = row.columns[k];
        auto pull = regularizer_.pulls() ? regularizer_.at(read[column], samples.feature(column)) : 0.0f;
        write[column] += part * (loss.slope * row.values[k] + pull);
      }
    });
    if (has_bias_)
      gradient.tensor(bias)[0] = part * bias_slope;
    return result;
  }

  batch_result evaluate(const batch& samples, const_parameters parameters) override {
    return each(samples, parameters, [](const sparse_rows::row&, float, const loss_at&) {});
  }

  void predict(const batch& samples, const_parameters parameters, std::span<float> scores) override {
    if (scores.size() != samples.size() * outputs())
      throw std::invalid_argument("room for " + std::to_string(scores.size()) + " scores was given, " +
                                  std::to_string(samples.size() * outputs()) + " are needed");
    auto* next = scores.data();
    static_cast<void>(each(samples, parameters, [&next](const sparse_rows::row&, float z, const loss_at&) {
      if constexpr (Loss::has_classes)
        *next++ = 0;
      *next++ = z;
    }));
  }

  [[nodiscard]] in_place_learner* in_place() override { return this; }

private:
  /// Loss and hits; `use` gets every row with its score and loss.
  template <class Use>
  batch_result each(const batch& samples, const_parameters parameters, Use use) {
    check(samples);
    slab_lookup read{parameters, weight};
    auto start = has_bias_ ? parameters.tensor(bias)[0] : 0.0f;
    batch_result result{.samples = samples.size(), .has_classes = Loss::has_classes};
    for (auto sample : samples.samples) {
      auto row = (*samples.rows)[sample];
      auto z = start + score(row, [&read](std::uint32_t column) { return read[column]; });
      use(row, z, count(samples, sample, z, result));
    }
    return result;
  }

  static loss_at count(const batch& samples, std::uint32_t sample, float z, batch_result& into) {
    auto loss = Loss::at(z, truth(samples, sample));
    into.loss_sum += static_cast<double>(loss.value);
    if constexpr (Loss::has_classes)
      into.correct += (z > 0) == (samples.classes[sample] == 1) ? 1 : 0;
    return loss;
  }

  static float truth(const batch& samples, std::uint32_t sample) {
    if constexpr (Loss::has_classes)
      return samples.classes[sample] == 1 ? 1.0f : -1.0f;
    else
      return samples.rows->labels[sample];
  }

  static void check(const batch& samples) {
    if (samples.rows == nullptr || (Loss::has_classes && samples.classes.size() != samples.rows->size()))
      throw std::invalid_argument("a linear model reads sparse rows, and their classes where it tells classes apart");
  }

  in_place_result learn(const batch& samples, const in_place_parameters& parameters,
                        const gpu::element_update& rule) override {
    check(samples);
    return std::visit([&](const auto& chosen) { return learn_by(samples, parameters, chosen); }, rule);
  }

  template <class Rule>
  in_place_result learn_by(const batch& samples, const in_place_parameters& parameters, const Rule& rule) {
    if constexpr (!std::is_same_v<Rule, gpu::sgd_update> && !std::is_same_v<Rule, gpu::adagrad_update> &&
                  !std::is_same_v<Rule, gpu::ftrl_update>) {
      throw std::invalid_argument("a linear model learns in place by sgd, adagrad or ftrl");
    } else {
      shared_tensor weights{parameters, weight, Rule::slots};
      std::optional<shared_tensor> start;
      if (has_bias_)
        start.emplace(parameters, bias, Rule::slots);
      const auto* values = weights.values.data();
      auto watched = seen_.watched();
      auto lost = seen_.lost();
      batch_result result{.samples = samples.size(), .has_classes = Loss::has_classes};
      for (std::size_t i = 0; i < samples.samples.size(); ++i) {
        fetch_ahead(samples, i);
        auto sample = samples.samples[i];
        auto row = (*samples.rows)[sample];
        auto z = score(row, [values](std::uint32_t column) { return read_shared(values[column]); });
        z += start ? read_shared(start->values[0]) : 0.0f;
        auto loss = count(samples, sample, z, result);
        if (loss.slope == 0 && !regularizer_.pulls())
          continue;
        if (seen_.next_is_watched())
          step(rule, row, weights, loss.slope,
               [this](float& to, float before, float after) { seen_.write(to, before, after); });
        else
          step(rule, row, weights, loss.slope, [](float& to, float, float after) { write_shared(to, after); });
        if (start)
          update_shared(rule, *start, 0, read_shared(start->values[0]), loss.slope,
                        [](float& to, float, float after) { write_shared(to, after); });
      }
      return {result, seen_.watched() - watched, seen_.lost() - lost};
    }
  }

  template <class Rule, class Write>
  void step(const Rule& rule, const sparse_rows::row& row, const shared_tensor& weights, float slope,
            Write write) const {
    if constexpr (std::is_same_v<Rule, gpu::sgd_update>)
      return step_as_published(row, weights.values.data(), rule.learning_rate, slope, write);
    for (std::size_t k = 0; k < row.columns.size(); ++k) {
      auto column = row.columns[k];
      auto before = read_shared(weights.values[column]);
      auto pull = regularizer_.pulls() ? regularizer_.at(before, column) : 0.0f;
      update_shared(rule, weights, column, before, slope * row.values[k] + pull, write);
    }
  }

  /// Niu et al. 2011: first against the loss, then the pull; in one pass over the row.
  template <class Write>
  void step_as_published(const sparse_rows::row& row, float* weights, float rate, float slope, Write write) const {
    const auto* columns = row.columns.data();
    const auto* values = row.values.data();
    auto count = row.columns.size();
    auto against = [&](std::size_t k, float before) { return before - rate * (slope * values[k]); };
    if (!regularizer_.pulls()) {
      for (std::size_t k = 0; k < count; ++k) {
        auto before = read_shared(weights[columns[k]]);
        write(weights[columns[k]], before, against(k, before));
      }
      return;
    }
    const auto* shares = regularizer_.shares->data();
    auto shrink = rate * regularizer_.l2;
    if (regularizer_.l1 == 0) {
      for (std::size_t k = 0; k < count; ++k) {
        auto before = read_shared(weights[columns[k]]);
        write(weights[columns[k]], before, against(k, before) * (1 - shrink * shares[columns[k]]));
      }
      return;
    }
    auto cut = rate * regularizer_.l1;
    for (std::size_t k = 0; k < count; ++k) {
      auto before = read_shared(weights[columns[k]]);
      auto after = against(k, before) * (1 - shrink * shares[columns[k]]);
      // Not beyond 0 (Langford et al. 2009), so that weights become exactly that.
      auto size = std::fabs(after) - cut * shares[columns[k]];
      write(weights[columns[k]], before, size > 0 ? std::copysign(size, after) : 0.0f);
    }
  }

  /// GCC drops calls of a function that only asks for memory: to it that is no effect.
  [[gnu::always_inline]] static void fetch_ahead(const batch& samples, std::size_t i) {
    if (i + rows_ahead >= samples.samples.size())
      return;
    auto row = (*samples.rows)[samples.samples[i + rows_ahead]];
    constexpr std::size_t line = 64 / sizeof(float);
    for (std::size_t k = 0; k < row.columns.size(); k += line) {
      __builtin_prefetch(row.columns.data() + k);
      __builtin_prefetch(row.values.data() + k);
    }
  }

  std::size_t features_;
  bool has_bias_;
  pull_to_zero regularizer_;
  lost_updates seen_;
};

template <class Loss>
std::unique_ptr<model> make(const std::string& name, const model_request& request) {
  if (!request.arguments.empty() && request.arguments != "bias")
    throw std::invalid_argument("model " + name + ":" + std::string(request.arguments) + ": say " + name + ", or " +
                                name + ":bias for a weight that every sample has");
  if (request.shape.features == 0)
    throw std::invalid_argument("a model needs data with at least one feature");
  if (Loss::has_classes && request.shape.classes != 2)
    throw std::invalid_argument("model " + name + " tells two classes apart, these data have " +
                                std::to_string(request.shape.classes) + ": softmax takes as many as there are");
  pull_to_zero regularizer{request.l1, request.l2, request.shares};
  if (regularizer.pulls() && (!request.shares || request.shares->size() < request.shape.features))
    throw std::invalid_argument("model " + name +
                                " needs to know how many samples have each feature to apply l1 or l2");
  return std::make_unique<linear_model<Loss>>(request.shape.features, request.arguments == "bias",
                                              std::move(regularizer));
}

} // namespace

std::unique_ptr<model> make_svm(const model_request& request) {
  return make<hinge_loss>("svm", request);
}

std::unique_ptr<model> make_logistic(const model_request& request) {
  return make<logistic_loss>("logistic", request);
}

std::unique_ptr<model> make_squared(const model_request& request) {
  return make<squared_loss>("squared", request);
}

} // namespace drover

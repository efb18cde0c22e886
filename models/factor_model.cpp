#include "drover/models/factor_model.hpp"

#include "drover/models/factor_learner.hpp"
#include "drover/models/factor_view.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

constexpr std::size_t rank_max = 1024;

struct factor_options {
  std::size_t rank = 32;
  bool has_biases = true;
};

class factor_model final : public model {
public:
  factor_model(const data_shape& shape, const factor_options& options, float mean, float l2)
      : users_(shape.users), items_(shape.items), options_(options), mean_(mean), l2_(l2), learner_(l2) {}

  [[nodiscard]] std::vector<tensor_spec> tensors() const override {
    const initializer drawn{initializer::kind::normal, 0.1f};
    std::vector<tensor_spec> result{{"user.factors", {users_, options_.rank}, drawn, true, row_owner::user},
                                    {"item.factors", {items_, options_.rank}, drawn, true, row_owner::item},
                                    {"mean", {1}, {initializer::kind::constant, mean_}, false}};
    if (options_.has_biases) {
      result.push_back({"user.bias", {users_}, {}, true, row_owner::user});
      result.push_back({"item.bias", {items_}, {}, true, row_owner::item});
    }
    return result;
  }

  [[nodiscard]] std::size_t outputs() const override { return 1; }

  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override {
    for (std::size_t index = 0; index < gradient.layout().tensors().size(); ++index)
      for (std::size_t i = 0; i < gradient.slabs(index); ++i)
        std::ranges::fill(gradient.slab_of(index, i).values, 0.0f);
    factor_view view{parameters};
    slab_lookup users{gradient, factor_tensors::user_factors};
    slab_lookup items{gradient, factor_tensors::item_factors};
    std::optional<slab_lookup<float>> user_biases, item_biases;
    if (options_.has_biases) {
      user_biases.emplace(gradient, factor_tensors::user_bias);
      item_biases.emplace(gradient, factor_tensors::item_bias);
    }
    auto part = 1 / static_cast<float>(samples.size());
    return each(samples, view, [&](const rating& sample, float prediction) {
      auto [user, item, value] = sample;
      if (!view.knows(user, item))
        return;
      auto error = value - prediction;
      const auto* p = view.user_factors(user);
      const auto* q = view.item_factors(item);
      auto* into_user = &users[user];
      auto* into_item = &items[item];
      for (std::size_t k = 0; k < options_.rank; ++k) {
        into_user[k] += part * (l2_ * p[k] - error * q[k]);
        into_item[k] += part * (l2_ * q[k] - error * p[k]);
      }
      if (options_.has_biases) {
        (*user_biases)[user] += part * (l2_ * view.user_bias(user) - error);
        (*item_biases)[item] += part * (l2_ * view.item_bias(item) - error);
      }
    });
  }

  batch_result evaluate(const batch& samples, const_parameters parameters) override {
    return each(samples, factor_view{parameters}, [](const rating&, float) {});
  }

  void predict(const batch& samples, const_parameters parameters, std::span<float> scores) override {
    if (scores.size() != samples.size())
      throw std::invalid_argument("room for " + std::to_string(scores.size()) + " predictions was given, " +
                                  std::to_string(samples.size()) + " are needed");
    auto* next = scores.data();
    static_cast<void>(
        each(samples, factor_view{parameters}, [&next](const rating&, float prediction) { *next++ = prediction; }));
  }

  [[nodiscard]] in_place_learner* in_place() override { return &learner_; }

private:
  /// The loss; `use` gets every rating with its prediction.
  template <class Use>
  static batch_result each(const batch& samples, const factor_view& view, Use use) {
    check_ratings(samples);
    batch_result result{.samples = samples.size(), .has_classes = false};
    for (auto place : samples.samples) {
      const auto& sample = samples.ratings[place];
      auto prediction = view.predict(sample.user, sample.item);
      use(sample, prediction);
      result.loss_sum += squared_error(sample.value - prediction);
    }
    return result;
  }

  std::size_t users_;
  std::size_t items_;
  factor_options options_;
  float mean_;
  float l2_;
  factor_learner learner_;
};

factor_options parse(std::string_view arguments) {
  auto fail = [arguments](std::string_view word) {
    throw std::invalid_argument("model mf:" + std::string(arguments) + ": '" + std::string(word) +
                                "' is not understood; say rank=N with N from 1 to " + std::to_string(rank_max) +
                                ", and biases=off to have none, as in mf:rank=20,biases=off");
  };
  factor_options result;
  if (arguments.empty())
    return result;
  constexpr std::string_view rank_is = "rank=";
  for (std::size_t start = 0; start <= arguments.size();) {
    auto end = std::min(arguments.find(',', start), arguments.size());
    auto word = arguments.substr(start, end - start);
    if (word.starts_with(rank_is)) {
      auto digits = word.substr(rank_is.size());
      auto [stop, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), result.rank);
      if (problem != std::errc{} || stop != digits.data() + digits.size() || result.rank == 0 || result.rank > rank_max)
        fail(word);
    } else if (word == "biases=off") {
      result.has_biases = false;
    } else {
      fail(word);
    }
    start = end + 1;
  }
  return result;
}

} // namespace

std::unique_ptr<model> make_factor_model(const model_request& request) {
  auto options = parse(request.arguments);
  if (request.shape.users == 0 || request.shape.items == 0)
    throw std::invalid_argument("model mf needs ratings of items by users: these data are something else");
  if (request.l1 != 0)
    throw std::invalid_argument("model mf pulls its factors by l2 alone: l1 has to be 0");
  return std::make_unique<factor_model>(request.shape, options, request.rating_mean, request.l2);
}

} // namespace drover

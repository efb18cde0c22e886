#pragma once

#include "drover/actors/cluster.hpp"
#include "drover/models/factor_model.hpp"
#include "drover/models/in_place.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace drover::test {

/// What is done with a batch: `learn` is what mf does with it.
using factor_script =
    std::function<in_place_result(const batch& samples, const std::function<in_place_result()>& learn)>;

/// Matrix factorization that follows a script, from all workers' threads.
class scripted_factors final : public model, public in_place_learner {
public:
  scripted_factors(std::unique_ptr<model> plain, factor_script act) : plain_(std::move(plain)), act_(std::move(act)) {}

  std::vector<tensor_spec> tensors() const override { return plain_->tensors(); }
  std::size_t outputs() const override { return 1; }
  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override {
    return plain_->gradient(samples, parameters, gradient);
  }
  batch_result evaluate(const batch& samples, const_parameters parameters) override {
    return plain_->evaluate(samples, parameters);
  }
  void predict(const batch& samples, const_parameters parameters, std::span<float> scores) override {
    plain_->predict(samples, parameters, scores);
  }
  in_place_learner* in_place() override { return this; }
  in_place_result learn(const batch& samples, const in_place_parameters& parameters,
                        const gpu::element_update& rule) override {
    return act_(samples, [&] { return plain_->in_place()->learn(samples, parameters, rule); });
  }

private:
  std::unique_ptr<model> plain_;
  factor_script act_;
};

/// For jobs with model scripted:rank=N.
inline train_options with_script(dataset_pair data, const factor_script& act) {
  train_options options;
  options.data = std::move(data);
  options.models.add("scripted",
                     [act](const model_request& request) {
                       return std::make_unique<scripted_factors>(make_factor_model(request), act);
                     },
                     {.reads = sample_kind::ratings, .has_classes = false});
  return options;
}

} // namespace drover::test

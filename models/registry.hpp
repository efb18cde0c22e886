#pragma once

#include "drover/gpu/activation.hpp"
#include "drover/models/model.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

namespace gpu {
class device;
}

/// What a factory needs to make a model for given data.
struct model_request {
  std::string_view arguments; ///< what stands behind the colon of the specification: "256,128" of "mlp:256,128"
  data_shape shape;
  gpu::activation activation = gpu::activation::relu;
  gpu::device* device = nullptr; ///< where to compute; outlives the model
  float l1 = 0;                  ///< of linear models
  float l2 = 0;                  ///< of linear models and factors
  /// Linear models: for each feature 1 / d where d samples to train on have it; needed where l1 or l2 is not 0.
  std::shared_ptr<const std::vector<float>> shares = {};
  float rating_mean = 0; ///< of the ratings to train on
};

/// What has to be known of a model before there is data.
struct model_traits {
  sample_kind reads = sample_kind::features;
  bool has_classes = true; ///< false: it predicts numbers
};

/// Makes a model or throws std::invalid_argument with a sentence (bad arguments, data that does not fit). Called from
/// several threads at once.
using model_factory = std::function<std::unique_ptr<model>(const model_request&)>;

/// The models that a job may name. A plain value: a program makes one, adds its own models and passes it on.
class model_registry {
public:
  /// Replaces a model of the same name.
  void add(std::string name, model_factory factory, model_traits traits = {});

  /// Of the model that `specification` names; throws as `make` does.
  [[nodiscard]] model_traits traits(std::string_view specification) const;

  /// Makes the model that `specification` ("name" or "name:arguments") names; `request.arguments` is filled in here.
  /// Throws std::invalid_argument naming the nearest known model where there is none of that name.
  [[nodiscard]] std::unique_ptr<model> make(std::string_view specification, model_request request) const;

  [[nodiscard]] std::vector<std::string> names() const;

private:
  struct entry {
    model_factory factory;
    model_traits traits;
  };
  [[nodiscard]] const entry& find(std::string_view name) const;

  std::map<std::string, entry, std::less<>> entries_;
};

/// softmax, mlp, svm, logistic, squared and mf.
[[nodiscard]] model_registry standard_models();

} // namespace drover

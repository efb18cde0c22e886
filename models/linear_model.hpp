#pragma once

#include "drover/models/in_place.hpp"
#include "drover/models/registry.hpp"

#include <memory>

namespace drover {

/// Linear models of sparse rows: a weight for each feature, and with the argument "bias" one for every sample. Each
/// comes with its factory: svm (hinge loss), logistic and squared, which predicts numbers.
///
/// l1 and l2 pull at the weights that a sample has, by l1 / d and l2 / d where d samples have that feature (Niu et al.
/// 2011, section 2): over an epoch together by l1 and l2. So an update costs what the sample's features cost. Nothing
/// pulls at the bias.
[[nodiscard]] std::unique_ptr<model> make_svm(const model_request& request);
[[nodiscard]] std::unique_ptr<model> make_logistic(const model_request& request);
[[nodiscard]] std::unique_ptr<model> make_squared(const model_request& request);

} // namespace drover

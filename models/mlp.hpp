#pragma once

#include "drover/models/registry.hpp"

#include <memory>

namespace drover {

/// "softmax": multinomial logistic regression, logits = x Wᵀ + b, parameters starting at 0. Takes no arguments.
[[nodiscard]] std::unique_ptr<model> make_softmax(const model_request& request);

/// "mlp:256,128": fully connected layers of these sizes, each followed by the request's activation, and one to the
/// classes without; the loss is softmax with cross-entropy. Weights are drawn from N(0, sqrt(2 / inputs)) for relu and
/// gelu (He 2015), N(0, sqrt(2 / (inputs + outputs))) for the others (Glorot 2010); biases start at 0.
///
/// Tensors of both: "layers.0.weight" [outputs, inputs], cut by rows where it is large, "layers.0.bias" [outputs], and
/// so on. All of a request's shape is flat to them. Throw std::invalid_argument with a sentence for bad arguments.
[[nodiscard]] std::unique_ptr<model> make_mlp(const model_request& request);

} // namespace drover

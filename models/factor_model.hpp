#pragma once

#include "drover/models/in_place.hpp"
#include "drover/models/registry.hpp"

#include <memory>

namespace drover {

/// Matrix factorization with biases, `mf` (Koren, Bell and Volinsky 2009): see factor_view for what it predicts. A
/// rating's loss is the squared error; steps go down half of it and (l2 / 2) (b_u^2 + b_i^2 + |p_u|^2 + |q_i|^2), for
/// each rating:
///
///     e = rating - prediction
///     b += rate (e - l2 b);  p += rate (e q - l2 p);  q += rate (e p - l2 q)
///
/// Arguments: rank=N factors each, from 1 to 1024, 32 where it is not said; biases=off to have none.
///
/// Tensors: user.factors {users, N} and item.factors {items, N}, which start as N(0, 0.1^2); mean {1}, which starts as
/// that of the ratings and stays: its gradient is 0; user.bias {users} and item.bias {items}, which start at 0.
///
/// Loss and evaluation take in ratings of users and items that are none of these; they have no part in gradients, and
/// nothing is learned from them. In place it learns by sgd (whose weight decay adds to l2), adagrad and ftrl.
///
/// Throws std::invalid_argument with a sentence for other arguments, data that are no ratings, and an l1.
[[nodiscard]] std::unique_ptr<model> make_factor_model(const model_request& request);

} // namespace drover

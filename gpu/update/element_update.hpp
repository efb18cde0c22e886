#pragma once

#include "drover/gpu/update/adagrad.hpp"
#include "drover/gpu/update/adam.hpp"
#include "drover/gpu/update/adamw.hpp"
#include "drover/gpu/update/ftrl.hpp"
#include "drover/gpu/update/momentum.hpp"
#include "drover/gpu/update/nesterov.hpp"
#include "drover/gpu/update/rmsprop.hpp"
#include "drover/gpu/update/sgd.hpp"

#include <cstddef>
#include <type_traits>
#include <variant>

namespace drover::gpu {

/// An update of single parameters with its coefficients: a value small enough to be a kernel's argument.
using element_update = std::variant<sgd_update, momentum_update, nesterov_update, adagrad_update, rmsprop_update,
                                    adam_update, adamw_update, ftrl_update>;

/// Floats of state beside each parameter.
[[nodiscard]] inline std::size_t state_slots(const element_update& rule) {
  return std::visit([](const auto& chosen) { return std::decay_t<decltype(chosen)>::slots; }, rule);
}

} // namespace drover::gpu

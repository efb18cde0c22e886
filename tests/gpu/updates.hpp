#pragma once

#include "drover/gpu/update/element_update.hpp"

namespace drover::test {

/// One of each kind, with coefficients that all matter.
inline const gpu::element_update every_update[] = {gpu::sgd_update{0.1f, 0.01f},
                                                   gpu::momentum_update{0.1f, 0.9f, 0.01f},
                                                   gpu::nesterov_update{0.1f, 0.9f, 0.01f},
                                                   gpu::adagrad_update{0.1f, 1e-8f, 0.01f},
                                                   gpu::rmsprop_update{0.01f, 0.99f, 1e-8f, 0.01f},
                                                   gpu::adam_update{0.01f, 0.9f, 0.999f, 0.03f, 1e-8f, 0.01f},
                                                   gpu::adamw_update{0.01f, 0.9f, 0.999f, 0.03f, 1e-8f, 0.999f},
                                                   gpu::ftrl_update{0.1f, 1.0f, 0.3f, 0.01f}};
} // namespace drover::test

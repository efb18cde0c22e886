#pragma once

#include <stdexcept>

namespace drover::gpu {

/// A call that a device cannot carry out: spans that do not fit together, memory that is not to be had. `what()` is one
/// sentence. Nothing was computed.
class error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace drover::gpu

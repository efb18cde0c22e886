#pragma once

#include "drover/gpu/error.hpp"

#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <source_location>
#include <string>
#include <string_view>

namespace drover::gpu::cuda {

/// A call of CUDA or cuBLASLt that failed: which one, where, and what the library says of it.
class cuda_error : public error {
public:
  cuda_error(std::string_view call, std::string_view library_says, bool is_sticky, const std::source_location& where);

  /// Nothing works any more in this process's context on that device: whoever used it has to end.
  [[nodiscard]] bool is_sticky() const { return is_sticky_; }

private:
  bool is_sticky_;
};

/// Throws cuda_error unless the call did what it should. `call`: its name.
void check(cudaError_t result, std::string_view call,
           const std::source_location& where = std::source_location::current());
void check(cublasStatus_t result, std::string_view call,
           const std::source_location& where = std::source_location::current());

/// For launches, which return nothing: what the last one in this thread says.
void check_launch(std::string_view kernel, const std::source_location& where = std::source_location::current());

} // namespace drover::gpu::cuda

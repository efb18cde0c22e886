#include "drover/gpu/cuda/error.hpp"

namespace drover::gpu::cuda {

namespace {

std::string sentence(std::string_view call, std::string_view library_says, const std::source_location& where) {
  std::string_view file = where.file_name();
  file.remove_prefix(file.find_last_of('/') + 1);
  return std::string{call} + " failed in " + std::string{file} + ':' + std::to_string(where.line()) + ": " +
         std::string{library_says};
}

// CUDA's documentation says of these that the process must be terminated and relaunched.
bool is_sticky_code(cudaError_t code) {
  switch (code) {
  case cudaErrorIllegalAddress:
  case cudaErrorLaunchTimeout:
  case cudaErrorAssert:
  case cudaErrorHardwareStackError:
  case cudaErrorIllegalInstruction:
  case cudaErrorMisalignedAddress:
  case cudaErrorInvalidAddressSpace:
  case cudaErrorInvalidPc:
  case cudaErrorLaunchFailure:
  case cudaErrorECCUncorrectable:
  case cudaErrorNvlinkUncorrectable:
    return true;
  default:
    return false;
  }
}

} // namespace

cuda_error::cuda_error(std::string_view call, std::string_view library_says, bool is_sticky,
                       const std::source_location& where)
    : error(sentence(call, library_says, where)), is_sticky_(is_sticky) {}

void check(cudaError_t result, std::string_view call, const std::source_location& where) {
  if (result == cudaSuccess)
    return;
  static_cast<void>(cudaGetLastError()); // one that is not sticky is not to be found by the next call
  throw cuda_error{call, cudaGetErrorString(result), is_sticky_code(result), where};
}

void check(cublasStatus_t result, std::string_view call, const std::source_location& where) {
  if (result != CUBLAS_STATUS_SUCCESS)
    throw cuda_error{call, cublasLtGetStatusString(result), false, where};
}

void check_launch(std::string_view kernel, const std::source_location& where) {
  check(cudaGetLastError(), kernel, where);
}

} // namespace drover::gpu::cuda

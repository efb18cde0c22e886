#pragma once

#include "drover/gpu/cuda/handles.hpp"
#include "drover/gpu/cuda/stream.hpp"
#include "drover/gpu/operations.hpp"
#include "drover/gpu/precision.hpp"

#include <cstddef>
#include <map>
#include <tuple>

namespace drover::gpu::cuda {

/// Matrix products by cuBLASLt, with the algorithm that it proposes for each shape, asked for once. One thread.
class matrix_products {
public:
  explicit matrix_products(precision inside);

  /// Enqueues one. Throws cuda_error.
  void run(cuda_stream& order, const gemm_arguments& with);

private:
  // What an algorithm is chosen by.
  using shape =
      std::tuple<std::size_t, std::size_t, std::size_t, bool, bool, std::size_t, std::size_t, std::size_t, std::size_t>;
  struct plan {
    matmul_handle product;
    layout_handle a;
    layout_handle b;
    layout_handle c;
    cublasLtMatmulAlgo_t algorithm{};
    std::size_t workspace_bytes = 0;
  };

  [[nodiscard]] const plan& plan_of(const gemm_arguments& with);
  [[nodiscard]] plan make_plan(const gemm_arguments& with, std::size_t alignment, cublasComputeType_t compute) const;

  cublasComputeType_t compute_;
  blas_handle blas_;
  std::map<shape, plan> plans_;
};

} // namespace drover::gpu::cuda

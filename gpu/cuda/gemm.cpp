#include "drover/gpu/cuda/gemm.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace drover::gpu::cuda {

namespace {

// What NVIDIA recommends for Hopper; smaller devices take less.
constexpr std::size_t workspace_bytes_max = std::size_t{32} << 20;
// More than this no algorithm asks for.
constexpr std::size_t alignment_max = 256;

cublasComputeType_t compute_type(precision inside) {
  switch (inside) {
  case precision::tf32:
    return CUBLAS_COMPUTE_32F_FAST_TF32;
  case precision::bf16:
    return CUBLAS_COMPUTE_32F_FAST_16BF;
  case precision::fp32:
    break;
  }
  return CUBLAS_COMPUTE_32F;
}

layout_handle matrix(std::size_t rows, std::size_t columns, std::size_t stride) {
  cublasLtMatrixLayout_t made = nullptr;
  check(cublasLtMatrixLayoutCreate(&made, CUDA_R_32F, rows, columns, static_cast<std::int64_t>(stride)),
        "cublasLtMatrixLayoutCreate");
  return layout_handle{made};
}

template <class Value>
void set(const matmul_handle& product, cublasLtMatmulDescAttributes_t which, Value value) {
  check(cublasLtMatmulDescSetAttribute(product.get(), which, &value, sizeof value), "cublasLtMatmulDescSetAttribute");
}

template <class Value>
void set(const preference_handle& preference, cublasLtMatmulPreferenceAttributes_t which, Value value) {
  check(cublasLtMatmulPreferenceSetAttribute(preference.get(), which, &value, sizeof value),
        "cublasLtMatmulPreferenceSetAttribute");
}

std::size_t common_alignment(const gemm_arguments& with) {
  auto bits = std::bit_cast<std::uintptr_t>(with.a.data()) | std::bit_cast<std::uintptr_t>(with.b.data()) |
              std::bit_cast<std::uintptr_t>(with.c.data());
  return std::min<std::size_t>(alignment_max, std::size_t{1} << std::countr_zero(bits | alignment_max));
}

} // namespace

matrix_products::matrix_products(precision inside) : compute_(compute_type(inside)), blas_(make_blas_handle()) {}

// cuBLASLt's matrices are column-major: what lies there row-major is, read so, the transposed matrix. The transposed
// product is op(b)ᵀ op(a)ᵀ, so that b comes first and nothing has to be turned.
matrix_products::plan matrix_products::make_plan(const gemm_arguments& with, std::size_t alignment,
                                                 cublasComputeType_t compute) const {
  plan made;
  cublasLtMatmulDesc_t product = nullptr;
  check(cublasLtMatmulDescCreate(&product, compute, CUDA_R_32F), "cublasLtMatmulDescCreate");
  made.product.reset(product);
  set(made.product, CUBLASLT_MATMUL_DESC_TRANSA, with.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N);
  set(made.product, CUBLASLT_MATMUL_DESC_TRANSB, with.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N);
  made.a = with.transpose_b ? matrix(with.inner, with.columns, with.b_stride)
                            : matrix(with.columns, with.inner, with.b_stride);
  made.b =
      with.transpose_a ? matrix(with.rows, with.inner, with.a_stride) : matrix(with.inner, with.rows, with.a_stride);
  made.c = matrix(with.columns, with.rows, with.c_stride);

  cublasLtMatmulPreference_t preferred = nullptr;
  check(cublasLtMatmulPreferenceCreate(&preferred), "cublasLtMatmulPreferenceCreate");
  preference_handle preference{preferred};
  set(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace_bytes_max);
  for (auto which : {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
                     CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES})
    set(preference, which, static_cast<std::uint32_t>(alignment));
  cublasLtMatmulHeuristicResult_t best{};
  int found = 0;
  auto result = cublasLtMatmulAlgoGetHeuristic(blas_.get(), made.product.get(), made.a.get(), made.b.get(),
                                               made.c.get(), made.c.get(), preference.get(), 1, &best, &found);
  if (result != CUBLAS_STATUS_NOT_SUPPORTED)
    check(result, "cublasLtMatmulAlgoGetHeuristic");
  if (found == 0 && compute != CUBLAS_COMPUTE_32F)
    return make_plan(with, alignment, CUBLAS_COMPUTE_32F);
  if (found == 0)
    throw error("gemm: cuBLASLt has no algorithm for a product of " + std::to_string(with.rows) + " x " +
                std::to_string(with.inner) + " and " + std::to_string(with.inner) + " x " +
                std::to_string(with.columns));
  made.algorithm = best.algo;
  made.workspace_bytes = best.workspaceSize;
  return made;
}

const matrix_products::plan& matrix_products::plan_of(const gemm_arguments& with) {
  auto alignment = common_alignment(with);
  shape key{with.rows,     with.columns,  with.inner,    with.transpose_a, with.transpose_b,
            with.a_stride, with.b_stride, with.c_stride, alignment};
  auto found = plans_.find(key);
  if (found == plans_.end())
    found = plans_.emplace(key, make_plan(with, alignment, compute_)).first;
  return found->second;
}

void matrix_products::run(cuda_stream& order, const gemm_arguments& with) {
  if (with.rows == 0 || with.columns == 0)
    return;
  const auto& how = plan_of(with);
  scratch_memory workspace{order, how.workspace_bytes};
  check(cublasLtMatmul(blas_.get(), how.product.get(), &with.alpha, with.b.data(), how.a.get(), with.a.data(),
                       how.b.get(), &with.beta, with.c.data(), how.c.get(), with.c.data(), how.c.get(), &how.algorithm,
                       workspace.as<void>(), how.workspace_bytes, order.get()),
        "cublasLtMatmul");
}

} // namespace drover::gpu::cuda

#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/error.hpp"

#include <dnnl.h>
#include <omp.h>
#include <string>

namespace drover::gpu::cpu {

namespace {

/// oneDNN would use all cores; here a thread is a worker. OpenMP keeps the setting per calling thread, and it is put
/// back because the thread belongs to the caller.
class single_threaded {
public:
  single_threaded() : before_(omp_get_max_threads()) {
    if (before_ != 1)
      omp_set_num_threads(1);
  }
  single_threaded(const single_threaded&) = delete;
  single_threaded& operator=(const single_threaded&) = delete;
  ~single_threaded() {
    if (before_ != 1)
      omp_set_num_threads(before_);
  }

private:
  int before_;
};

dnnl_dim_t dim(std::size_t value) {
  return static_cast<dnnl_dim_t>(value);
}

} // namespace

void gemm(const gemm_arguments& with) {
  if (with.rows == 0 || with.columns == 0)
    return;
  single_threaded scope;
  auto status = dnnl_sgemm(with.transpose_a ? 'T' : 'N', with.transpose_b ? 'T' : 'N', dim(with.rows),
                           dim(with.columns), dim(with.inner), with.alpha, with.a.data(), dim(with.a_stride),
                           with.b.data(), dim(with.b_stride), with.beta, with.c.data(), dim(with.c_stride));
  if (status != dnnl_success)
    throw error("gemm: oneDNN refused a product of " + std::to_string(with.rows) + " x " + std::to_string(with.inner) +
                " and " + std::to_string(with.inner) + " x " + std::to_string(with.columns) + " with status " +
                std::to_string(static_cast<int>(status)));
}

} // namespace drover::gpu::cpu

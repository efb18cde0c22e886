#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace drover::gpu::cpu {

/// While it lives, this thread takes denormal numbers for 0, in and out. Velocities and running means of parameters
/// whose gradient is 0 (a pixel that is always dark) decay into denormals, which are a hundred times slower than other
/// numbers on common processors. On processors without SSE nothing changes.
class flush_denormals {
public:
#if defined(__SSE2__)
  flush_denormals() : before_(_mm_getcsr()) {
    _mm_setcsr(before_ | flush_to_zero | denormals_are_zero);
  }
  ~flush_denormals() {
    _mm_setcsr(before_);
  }

private:
  static constexpr unsigned flush_to_zero = 1u << 15;
  static constexpr unsigned denormals_are_zero = 1u << 6;
  unsigned before_;
#else
  flush_denormals() = default;
  ~flush_denormals() = default;
#endif

public:
  flush_denormals(const flush_denormals&) = delete;
  flush_denormals& operator=(const flush_denormals&) = delete;
};

} // namespace drover::gpu::cpu

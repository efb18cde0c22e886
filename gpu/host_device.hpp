#pragma once

// Marks a function that devices run as well, so that their arithmetic is the CPU's, to the letter.
#ifdef __CUDACC__
#define DROVER_HOST_DEVICE __host__ __device__
#else
#define DROVER_HOST_DEVICE
#endif

// The same for one that the CPU's loops are only vectorised with where it is part of them.
#define DROVER_ALWAYS_INLINE DROVER_HOST_DEVICE __attribute__((always_inline))

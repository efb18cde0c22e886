#pragma once

// An attribute that depends on the compiler cannot be chosen in any other way than by a macro. Put before a function
// that is no template: compiled for three instruction sets, the best that the processor has is chosen when the program
// is loaded. What it calls must be inlined into it to gain from that.
#if DROVER_MULTIVERSIONING
#define DROVER_VECTOR_CLONES [[gnu::target_clones("avx512f", "avx2", "default")]]
#else
#define DROVER_VECTOR_CLONES
#endif

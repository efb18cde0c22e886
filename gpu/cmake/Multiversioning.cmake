# DROVER_HAVE_MULTIVERSIONING: whether one function can be compiled for several instruction sets, chosen when the program
# is loaded. Off under sanitizers: they are not set up yet when the choice is made. Off with Clang, too: version 14 gives
# the function a symbol that callers in other files do not know, and takes one version for all without a word.

include(CheckCXXSourceCompiles)

set(DROVER_HAVE_MULTIVERSIONING OFF)
if(NOT DROVER_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  check_cxx_source_compiles([==[
    [[gnu::target_clones("avx512f", "avx2", "default")]] void twice(float* values, int count) {
      for (int i = 0; i < count; ++i)
        values[i] *= 2;
    }
    int main() {
      float values[3] = {1, 2, 3};
      twice(values, 3);
      return values[0] == 2 ? 0 : 1;
    }]==] DROVER_COMPILES_MULTIVERSIONING)
  if(DROVER_COMPILES_MULTIVERSIONING)
    set(DROVER_HAVE_MULTIVERSIONING ON)
  endif()
endif()

# Decides whether GPUs can be used, and finds the CUDA toolkit. Result: DROVER_HAVE_CUDA, the language CUDA, the targets
# CUDA::cudart_static and CUDA::cublasLt, and what code is made for.

set(DROVER_CUDA "AUTO" CACHE STRING "Build for NVIDIA GPUs: ON, OFF, or AUTO, where a CUDA toolkit is found")
set_property(CACHE DROVER_CUDA PROPERTY STRINGS AUTO ON OFF)

set(DROVER_HAVE_CUDA OFF)
if(DROVER_CUDA)
  include(CheckLanguage)
  # Where the toolkit installs itself, which need not be on the path.
  find_program(DROVER_NVCC nvcc HINTS ENV CUDACXX ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
  if(DROVER_NVCC AND NOT DEFINED ENV{CUDACXX})
    set(ENV{CUDACXX} "${DROVER_NVCC}")
  endif()
  check_language(CUDA) # that it works, with this compiler for the host
  if(CMAKE_CUDA_COMPILER)
    enable_language(CUDA)
    find_package(CUDAToolkit 12 QUIET)
  endif()
  if(CMAKE_CUDA_COMPILER AND TARGET CUDA::cudart_static AND TARGET CUDA::cublasLt)
    set(DROVER_HAVE_CUDA ON)
  elseif(DROVER_CUDA STREQUAL "AUTO")
    message(STATUS "No CUDA toolkit 12 or later was found: no GPU will be used")
  else()
    message(FATAL_ERROR "DROVER_CUDA is ${DROVER_CUDA} but no CUDA toolkit 12 or later that works, with cuBLASLt, was found")
  endif()
endif()

# Turing and later; what is newer than the last one translates its code when it starts.
set(DROVER_CUDA_ARCHITECTURES 75-real 80-real 90 CACHE STRING
  "Compute capabilities that kernels are compiled for, the lowest first")
list(GET DROVER_CUDA_ARCHITECTURES 0 DROVER_CUDA_CAPABILITY_MIN)
string(REGEX MATCH "[0-9]+" DROVER_CUDA_CAPABILITY_MIN "${DROVER_CUDA_CAPABILITY_MIN}")
set(CMAKE_CUDA_STANDARD 20)
set(CMAKE_CUDA_STANDARD_REQUIRED ON)
set(CMAKE_CUDA_EXTENSIONS OFF)
# Debian 12's CMake does not know how to ask nvcc for it.
if(NOT DEFINED CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
  set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
endif()

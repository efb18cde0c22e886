# Finds the C++ Actor Framework, or builds the pinned release once a machine and compiler into DROVER_CACHE_DIR.
# Result: the imported targets CAF::core, CAF::io, CAF::openssl.

set(DROVER_CAF_VERSION 0.18.7)
set(DROVER_CAF_TARBALL "" CACHE FILEPATH "Source tarball of CAF ${DROVER_CAF_VERSION}; fetched where empty")
if(DEFINED ENV{XDG_CACHE_HOME})
  set(_drover_cache "$ENV{XDG_CACHE_HOME}/drover")
else()
  set(_drover_cache "$ENV{HOME}/.cache/drover")
endif()
set(DROVER_CACHE_DIR "${_drover_cache}" CACHE PATH "Where a CAF that had to be built is kept between builds")

# The order matters: CAF's package refers to OpenSSL's targets without finding them.
find_package(OpenSSL REQUIRED)

# A race detector sees the synchronisation inside CAF only if CAF is instrumented, too.
set(_drover_caf_sanitizer "")
if(DROVER_SANITIZE STREQUAL "thread")
  set(_drover_caf_sanitizer thread)
endif()

if(NOT _drover_caf_sanitizer)
  find_package(CAF ${DROVER_CAF_VERSION} COMPONENTS core io openssl QUIET)
endif()

function(drover_build_caf prefix)
  set(work "${CMAKE_BINARY_DIR}/caf-build")
  set(tarball "${DROVER_CAF_TARBALL}")
  if(NOT tarball)
    set(tarball "${work}/caf-${DROVER_CAF_VERSION}.tar.gz")
    execute_process(COMMAND "${PROJECT_SOURCE_DIR}/scripts/fetch-caf-source" "${tarball}" RESULT_VARIABLE result)
    if(result)
      message(FATAL_ERROR "CAF ${DROVER_CAF_VERSION} was not found and its source could not be fetched")
    endif()
  endif()
  message(STATUS "Building CAF ${DROVER_CAF_VERSION} into ${prefix} (once, a few minutes)")
  file(REMOVE_RECURSE "${work}/source")
  file(ARCHIVE_EXTRACT INPUT "${tarball}" DESTINATION "${work}/source")
  file(GLOB source "${work}/source/*")
  set(flags "")
  if(_drover_caf_sanitizer)
    set(flags "-fsanitize=${_drover_caf_sanitizer} -g1")
  endif()
  foreach(step IN ITEMS configure build install)
    if(step STREQUAL "configure")
      set(command "${CMAKE_COMMAND}" -G Ninja -S "${source}" -B "${work}/build"
        "-DCMAKE_BUILD_TYPE=Release" "-DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${flags}"
        "-DCMAKE_INSTALL_PREFIX=${prefix}.partial" "-DCMAKE_INSTALL_LIBDIR=lib" "-DBUILD_SHARED_LIBS=ON"
        "-DCMAKE_INSTALL_RPATH=\$ORIGIN"
        "-DCAF_ENABLE_EXAMPLES=OFF" "-DCAF_ENABLE_TESTING=OFF" "-DCAF_ENABLE_TOOLS=OFF")
    else()
      set(command "${CMAKE_COMMAND}" --build "${work}/build")
      if(step STREQUAL "install")
        list(APPEND command --target install)
      endif()
    endif()
    execute_process(COMMAND ${command} RESULT_VARIABLE result
      OUTPUT_FILE "${work}/${step}.log" ERROR_FILE "${work}/${step}.log")
    if(result)
      message(FATAL_ERROR "CAF ${DROVER_CAF_VERSION}: ${step} failed, see ${work}/${step}.log")
    endif()
  endforeach()
  # Renamed only when whole, so that an interrupted build is never taken for a finished one.
  file(REMOVE_RECURSE "${prefix}")
  file(RENAME "${prefix}.partial" "${prefix}")
  file(REMOVE_RECURSE "${work}")
endfunction()

if(NOT CAF_FOUND)
  string(TOLOWER "${CMAKE_CXX_COMPILER_ID}-${CMAKE_CXX_COMPILER_VERSION}" _drover_compiler)
  string(JOIN "-" _drover_key "caf" ${DROVER_CAF_VERSION} ${_drover_compiler} ${_drover_caf_sanitizer})
  set(_drover_caf_prefix "${DROVER_CACHE_DIR}/${_drover_key}")
  if(NOT EXISTS "${_drover_caf_prefix}")
    drover_build_caf("${_drover_caf_prefix}")
  endif()
  find_package(CAF ${DROVER_CAF_VERSION} COMPONENTS core io openssl REQUIRED
    PATHS "${_drover_caf_prefix}" NO_DEFAULT_PATH)
endif()

# Finds oneDNN as the imported target DNNL::dnnl. Not by its own package: Debian's asks for OpenCL, which nothing here uses.
if(NOT TARGET DNNL::dnnl)
  find_path(DROVER_DNNL_INCLUDE_DIR oneapi/dnnl/dnnl.h)
  find_library(DROVER_DNNL_LIBRARY dnnl)
  if(NOT DROVER_DNNL_INCLUDE_DIR OR NOT DROVER_DNNL_LIBRARY)
    message(FATAL_ERROR "oneDNN was not found: install libdnnl-dev (or oneDNN >= 2.6) or set CMAKE_PREFIX_PATH")
  endif()
  add_library(DNNL::dnnl UNKNOWN IMPORTED)
  set_target_properties(DNNL::dnnl PROPERTIES
    IMPORTED_LOCATION "${DROVER_DNNL_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${DROVER_DNNL_INCLUDE_DIR}")
endif()

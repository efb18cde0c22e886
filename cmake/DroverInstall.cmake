# `cmake --install`: libraries, headers, schemas, and a package that makes `find_package(drover)` give drover::drover.
include(CMakePackageConfigHelpers)

get_property(components GLOBAL PROPERTY DROVER_COMPONENTS)
foreach(component IN LISTS components)
  target_include_directories(${component} PUBLIC "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
endforeach()

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/drover")
install(TARGETS ${components} EXPORT drover
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT drover NAMESPACE drover:: FILE droverTargets.cmake DESTINATION "${package}")
configure_package_config_file(cmake/droverConfig.cmake.in "${PROJECT_BINARY_DIR}/droverConfig.cmake"
  INSTALL_DESTINATION "${package}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/droverConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/droverConfig.cmake" "${PROJECT_BINARY_DIR}/droverConfigVersion.cmake"
  cmake/DroverDnnl.cmake DESTINATION "${package}")

# drover_component(NAME FOLDER …): one layer of the tree as a library `drover_NAME`, alias `drover::NAME`.
#
# Each component has an include root of its own, build/include/NAME, that holds nothing but a link to its folder. A file
# sees the roots of the components it links, so that an include against the order of the layers does not compile.

add_library(drover_options INTERFACE)
add_library(drover::options ALIAS drover_options)
# GCC 12 sees overlaps in sums of strings where there are none (its bug 105651).
set(_drover_warnings -Wall -Wextra -Wpedantic $<$<BOOL:${DROVER_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_compile_options(drover_options INTERFACE "$<$<COMPILE_LANGUAGE:C,CXX>:${_drover_warnings}>"
  "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-Wall,-Wextra;$<$<BOOL:${DROVER_WERROR}>:-Werror=all-warnings>>")
if(DROVER_SANITIZE)
  target_compile_options(drover_options INTERFACE
    "$<$<COMPILE_LANGUAGE:C,CXX>:-fsanitize=${DROVER_SANITIZE};-fno-sanitize-recover=all;-fno-omit-frame-pointer>")
  target_link_options(drover_options INTERFACE -fsanitize=${DROVER_SANITIZE})
endif()

function(drover_component name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE")
  set(target drover_${name})
  add_library(${target} ${arg_SOURCES})
  add_library(drover::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})

  set(root "${PROJECT_BINARY_DIR}/include/${name}")
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY "${root}/drover/${parent}")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}" "${root}/drover/${folder}" SYMBOLIC)

  # A header set: installed with the library, and each header compiled by itself when CMake is asked to verify them.
  list(TRANSFORM arg_HEADERS PREPEND "${root}/drover/${folder}/" OUTPUT_VARIABLE headers)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${root}" FILES ${headers})
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:drover::options>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_property(GLOBAL APPEND PROPERTY DROVER_COMPONENTS ${target})
endfunction()

# SPDX-License-Identifier: Apache-2.0
# tfready_module(NAME SOURCES a.c ... [USES layer ...] [LIBS target ...])
#
# One layer of the program: a static library tfready_NAME with the public header NAME/NAME.h. USES names earlier layers of
# TFREADY_LAYERS; naming a later one stops the configuration.

add_library(tfready_flags INTERFACE)
target_compile_definitions(tfready_flags INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
target_compile_options(tfready_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
  -Wundef -fno-common -fstack-protector-strong
  $<$<BOOL:${TFREADY_WERROR}>:-Werror>
  $<$<BOOL:${TFREADY_COVERAGE}>:--coverage>)
target_link_options(tfready_flags INTERFACE $<$<BOOL:${TFREADY_COVERAGE}>:--coverage>)
if(TFREADY_SANITIZE)
  target_compile_options(tfready_flags INTERFACE
    -fsanitize=${TFREADY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(tfready_flags INTERFACE -fsanitize=${TFREADY_SANITIZE})
  # Every arena piece becomes a malloc of its own, so that an overrun of one byte shows.
  target_compile_definitions(tfready_flags INTERFACE TFR_ARENA_CHUNK=0)
else()
  # Some systems define it on their own: take theirs back first, or each file warns.
  target_compile_options(tfready_flags INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
# Small functions of one module are inlined into another: the program is linked as a whole. The libraries hold ordinary code
# beside it, for those who link them with anything else.
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND NOT TFREADY_SANITIZE AND NOT TFREADY_COVERAGE)
  set(TFREADY_WHOLE_PROGRAM $<$<CONFIG:Release>:-flto=auto>)
  target_compile_options(tfready_flags INTERFACE
    $<$<CONFIG:Release>:-flto=auto> $<$<CONFIG:Release>:-ffat-lto-objects>)
endif()
# Tables of function addresses cannot be written once the program runs. They are filled at its start: calls of memcpy and the
# like then need no step between.
if(TFREADY_HAVE_NO_PLT)
  target_compile_options(tfready_flags INTERFACE -fno-plt)
endif()
if(TFREADY_HAVE_RELRO)
  target_link_options(tfready_flags INTERFACE "LINKER:-z,relro,-z,now")
endif()
if(TFREADY_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "TFREADY_FUZZ needs clang: libFuzzer is a part of it.")
  endif()
  target_compile_options(tfready_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

function(tfready_check_layer name)
  list(FIND TFREADY_LAYERS ${name} own)
  if(own EQUAL -1)
    message(FATAL_ERROR "${name} is no layer of TFREADY_LAYERS (${TFREADY_LAYERS}).")
  endif()
  foreach(used IN LISTS ARGN)
    list(FIND TFREADY_LAYERS ${used} other)
    if(other EQUAL -1)
      message(FATAL_ERROR "${name} uses ${used}, which is no layer of TFREADY_LAYERS.")
    elseif(NOT other LESS own)
      message(FATAL_ERROR "${name} must not use ${used}: data flows ${TFREADY_LAYERS}, includes flow back.")
    endif()
  endforeach()
endfunction()

function(tfready_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LIBS" ${ARGN})
  tfready_check_layer(${name} ${arg_USES})
  set(target tfready_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(tfready::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}
    POSITION_INDEPENDENT_CODE ON)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
    FILES "${CMAKE_CURRENT_SOURCE_DIR}/${name}.h")
  target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}")
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:tfready_flags>)
  foreach(used IN LISTS arg_USES)
    target_link_libraries(${target} PUBLIC tfready_${used})
  endforeach()
  target_link_libraries(${target} PRIVATE ${arg_LIBS})
  install(TARGETS ${target} EXPORT tfreadyTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/tfready")
  set_property(GLOBAL APPEND PROPERTY TFREADY_MODULES ${target})
endfunction()

# tfready_loads(MODULE TARGET MACRO): a module that loads a library while it runs, instead of being linked with it. It takes the
# headers of the imported TARGET; MACRO becomes the name of the file to load: as "libarchive.so.13", or a path where files have no such
# name.
function(tfready_loads name imported macro)
  get_target_property(files ${imported} INTERFACE_LINK_LIBRARIES)
  list(GET files 0 file)
  execute_process(COMMAND "${CMAKE_OBJDUMP}" -p "${file}" OUTPUT_VARIABLE headers ERROR_QUIET)
  if(headers MATCHES "SONAME +([^ \n]+)")
    set(file "${CMAKE_MATCH_1}")
  endif()
  target_compile_definitions(tfready_${name} PRIVATE ${macro}="${file}")
  target_include_directories(tfready_${name} PRIVATE $<TARGET_PROPERTY:${imported},INTERFACE_INCLUDE_DIRECTORIES>)
endfunction()

# tfready_test(MODULE TOPIC): tests/test_MODULE_TOPIC.c, linked with that module alone, as the ctest MODULE.TOPIC.
function(tfready_test module topic)
  set(target test_${module}_${topic})
  add_executable(${target} ${target}.c)
  target_link_libraries(${target} PRIVATE tfready_${module} tfready_flags ${CMOCKA_LIBRARIES} ${ARGN})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}" ${CMOCKA_INCLUDE_DIRS})
  target_compile_definitions(${target} PRIVATE TFREADY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${module}.${topic} COMMAND ${target})
endfunction()

function(tfready_install_package)
  include(CMakePackageConfigHelpers)
  set(where "${CMAKE_INSTALL_LIBDIR}/cmake/tfready")
  install(EXPORT tfreadyTargets NAMESPACE tfready:: DESTINATION "${where}")
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/tfreadyConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/tfreadyConfig.cmake" INSTALL_DESTINATION "${where}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/tfreadyConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/tfreadyConfig.cmake"
    "${PROJECT_BINARY_DIR}/tfreadyConfigVersion.cmake"
    "${PROJECT_SOURCE_DIR}/cmake/FindYAJL.cmake" DESTINATION "${where}")
endfunction()

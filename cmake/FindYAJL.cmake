# SPDX-License-Identifier: Apache-2.0
# yajl ships no CMake package, and the include path of its .pc file ends one folder too deep.
find_path(YAJL_INCLUDE_DIR yajl/yajl_parse.h)
find_library(YAJL_LIBRARY yajl)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(YAJL REQUIRED_VARS YAJL_LIBRARY YAJL_INCLUDE_DIR)
if(YAJL_FOUND AND NOT TARGET YAJL::YAJL)
  add_library(YAJL::YAJL UNKNOWN IMPORTED)
  set_target_properties(YAJL::YAJL PROPERTIES IMPORTED_LOCATION "${YAJL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${YAJL_INCLUDE_DIR}")
endif()
mark_as_advanced(YAJL_INCLUDE_DIR YAJL_LIBRARY)

# SPDX-License-Identifier: Apache-2.0
find_path(UTHASH_INCLUDE_DIR uthash.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(UTHASH REQUIRED_VARS UTHASH_INCLUDE_DIR)
mark_as_advanced(UTHASH_INCLUDE_DIR)

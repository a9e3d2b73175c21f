# What nearly every source includes, parsed once per build instead of once per source; by clang only. g++ 12 gains
# little and gives false warnings about array bounds with it; and so one compiler still sees each source with only its
# own includes.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

set(gdbvm_common_headers
  <fmt/format.h> <algorithm> <array> <chrono> <cstdint> <cstring> <expected> <filesystem> <functional> <map> <memory>
  <mutex> <optional> <span> <string> <string_view> <utility> <variant> <vector>)

# gdbvm_precompiled(OWNER HEADERS... LINK libs...): makes OWNER, the target that others take precompiled headers from.
function(gdbvm_precompiled owner)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/${owner}.cpp CONTENT "")
  add_library(${owner} OBJECT ${PROJECT_BINARY_DIR}/${owner}.cpp)
  target_link_libraries(${owner} PRIVATE ${ARG_LINK})
  target_precompile_headers(${owner} PRIVATE ${gdbvm_common_headers} ${ARG_UNPARSED_ARGUMENTS})
endfunction()

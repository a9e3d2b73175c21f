# Flags common to all targets: warnings are errors, sanitizers on request, includes from the top of the tree.
add_compile_options(-Wall -Wextra -Werror -Wshadow -fno-strict-aliasing
  "$<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor;-Wzero-as-null-pointer-constant>" $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wreserved-identifier>)
if(GDBVM_SANITIZE)
  add_compile_options(-fsanitize=${GDBVM_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${GDBVM_SANITIZE})
endif()
if(GDBVM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link) # takes coverage
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# gdbvm_library(NAME SOURCES... LINK libs...): a static library with the include root of the whole tree.
function(gdbvm_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(${name} PUBLIC fmt::fmt ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM gdbvm_headers)
endfunction()

# gdbvm_public_headers(LIBRARY HEADERS...): those that are installed; included as "gdbstub/NAME".
function(gdbvm_public_headers library)
  target_sources(${library} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${ARGN})
  target_compile_features(${library} PUBLIC cxx_std_23)
endfunction()

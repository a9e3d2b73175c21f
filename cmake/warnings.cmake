# Flags common to all targets: warnings, which the presets of tools/check make errors, and sanitizers on request. For users
# they are not errors: another compiler, or this one at another level of optimisation, has false ones of its own.
option(GDBVM_WERROR "Warnings are errors" OFF)
if(GDBVM_WERROR)
  add_compile_options(-Werror)
endif()
add_compile_options(-Wall -Wextra -Wshadow -fno-strict-aliasing
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

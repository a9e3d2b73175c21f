# gdbvm_add_gdb_test(NAME GUEST SCRIPT [EXPECT file] [TIMEOUT s] [AFTER symbol] [ARGS options...]): a CTest test that
# runs GUEST, a target or a file, under the gdb script SCRIPT (.gdb, or .py for gdb's Python) and compares the output of
# both with the lines of EXPECT, by default SCRIPT with the suffix .expect. TIMEOUT is in seconds and by default what
# SCRIPT says; ARGS are further options for gdbvm. AFTER: the test begins where the guest has got to SYMBOL; it is booted
# to there once for all such tests, and again after it has been built again. A host without /dev/kvm skips the test. See
# docs/testing.md.
function(gdbvm_add_gdb_test name guest script)
  cmake_parse_arguments(PARSE_ARGV 3 ARG "" "EXPECT;TIMEOUT;AFTER" "ARGS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "gdbvm_add_gdb_test(${name}): unknown arguments '${ARG_UNPARSED_ARGUMENTS}'")
  endif()
  set(options --name ${name} --gdbvm $<TARGET_FILE:gdbvm::gdbvm>)
  if(TARGET ${guest})
    list(APPEND options --guest $<TARGET_FILE:${guest}>)
  else()
    cmake_path(ABSOLUTE_PATH guest BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND options --guest ${guest})
  endif()
  cmake_path(ABSOLUTE_PATH script BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  if(ARG_EXPECT)
    cmake_path(ABSOLUTE_PATH ARG_EXPECT BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND options --expect ${ARG_EXPECT})
  endif()
  if(ARG_TIMEOUT)
    list(APPEND options --timeout ${ARG_TIMEOUT})
  endif()
  if(ARG_AFTER)
    list(APPEND options --after ${ARG_AFTER} --cache ${CMAKE_BINARY_DIR}/gdbvm-snapshots)
  endif()
  foreach(each IN LISTS ARG_ARGS)
    # gdb-test splits the value into words as a shell would.
    string(REPLACE "'" "'\\''" each "${each}")
    list(APPEND options "--args='${each}'")
  endforeach()
  add_test(NAME ${name} COMMAND ${gdbvm_GDB_TEST} ${options} ${script})
  set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
  if(ARG_TIMEOUT)
    # gdb-test ends the test itself, and needs time to report what it found.
    string(REGEX REPLACE "[.].*" "" seconds "0${ARG_TIMEOUT}")
    math(EXPR patience "${seconds} + 60")
    if(ARG_AFTER)
      # The boot, of this test or of the one that it waits for.
      math(EXPR patience "${patience} + ${seconds} + 120")
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${patience})
  endif()
endfunction()

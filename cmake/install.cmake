# What is installed, in two parts: `runtime`, to run and test guests, and `development`, to embed the stub.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(cmake_files ${CMAKE_INSTALL_LIBDIR}/cmake/gdbvm)
set(share ${CMAKE_INSTALL_DATADIR})

# runtime: the program, gdb-test, their completions and manual pages, and gdbvm_add_gdb_test().
install(TARGETS gdbvm EXPORT gdbvm-program COMPONENT runtime)
install(PROGRAMS tools/gdb-test TYPE BIN COMPONENT runtime)
install(DIRECTORY tools/gdb_test DESTINATION ${share}/gdbvm COMPONENT runtime FILES_MATCHING PATTERN "*.py")
install(FILES tools/gdb/real_mode.py DESTINATION ${share}/gdbvm COMPONENT runtime)
install(FILES docs/gdbvm.1 docs/gdb-test.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT runtime)
install(FILES tools/completion/gdbvm.bash DESTINATION ${share}/bash-completion/completions RENAME gdbvm COMPONENT runtime)
install(FILES tools/completion/gdb-test.bash DESTINATION ${share}/bash-completion/completions RENAME gdb-test
        COMPONENT runtime)
# Debian's zsh searches vendor-completions below /usr, and site-functions below /usr/local like other systems.
foreach(folder vendor-completions site-functions)
  install(FILES tools/completion/_gdbvm tools/completion/_gdb-test DESTINATION ${share}/zsh/${folder} COMPONENT runtime)
endforeach()
# As in the source tree, so that the links between them work.
install(FILES README.md TYPE DOC COMPONENT runtime)
install(DIRECTORY docs TYPE DOC COMPONENT runtime FILES_MATCHING PATTERN "*.md" PATTERN "*.png")
install(DIRECTORY tools/ide tools/scale DESTINATION ${CMAKE_INSTALL_DOCDIR}/tools COMPONENT runtime)
install(FILES LICENSE TYPE DOC RENAME copyright COMPONENT runtime)
install(DIRECTORY examples/gdb_test TYPE DOC COMPONENT runtime)
install(EXPORT gdbvm-program NAMESPACE gdbvm:: DESTINATION ${cmake_files} COMPONENT runtime)
configure_package_config_file(cmake/gdbvmConfig.cmake.in ${PROJECT_BINARY_DIR}/gdbvmConfig.cmake
                              INSTALL_DESTINATION ${cmake_files} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/gdbvmConfigVersion.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/gdbvmConfig.cmake ${PROJECT_BINARY_DIR}/gdbvmConfigVersion.cmake
              cmake/gdbvm_add_gdb_test.cmake DESTINATION ${cmake_files} COMPONENT runtime)

# development: the libraries and their headers, included as "gdbstub/target.h".
install(TARGETS gdbstub gdbstub_server EXPORT gdbvm-gdbstub COMPONENT development
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/gdbvm COMPONENT development)
# CMake strips programs, not archives.
install(CODE "
  if(CMAKE_INSTALL_DO_STRIP)
    foreach(library $<TARGET_FILE_NAME:gdbstub> $<TARGET_FILE_NAME:gdbstub_server>)
      execute_process(COMMAND ${CMAKE_STRIP} --strip-debug
        \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/\${library}\" COMMAND_ERROR_IS_FATAL ANY)
    endforeach()
  endif()" COMPONENT development)
install(EXPORT gdbvm-gdbstub NAMESPACE gdbvm:: DESTINATION ${cmake_files} COMPONENT development)
install(DIRECTORY examples/embed TYPE DOC COMPONENT development)

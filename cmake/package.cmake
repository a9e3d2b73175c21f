# Debian packages: cpack -G DEB in the build directory makes gdbvm_*.deb and gdbvm-dev_*.deb.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the gdbvm developers <gdbvm@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME gdbvm)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "KVM hypervisor whose front door is GDB
 Boots a kernel or another freestanding image and waits for stock gdb, with
 breakpoints, watchpoints and steps that work the same on every KVM. gdb-test
 runs guests under gdb scripts as tests.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_DEPENDS "python3 (>= 3.11), libvncserver1")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_RECOMMENDS gdb)

# The library is static, so linking it requires what it was built with.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME gdbvm-dev)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "GDB remote stub of gdbvm to embed in other emulators
 The libraries gdbvm::gdbstub and gdbvm::gdbstub_server for CMake projects.")
math(EXPR next_fmt "${fmt_VERSION_MAJOR} + 1")
string(JOIN ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "gdbvm (= ${PROJECT_VERSION})"
       "libfmt-dev (>= ${fmt_VERSION_MAJOR})" "libfmt-dev (<< ${next_fmt})" libasio-dev)
include(CPack)

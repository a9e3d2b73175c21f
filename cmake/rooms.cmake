# A room is a folder of sources with a target of its own. The target exports the headers of that folder and no others,
# under the path they have in the tree ("vmm/kvm/vm.h"), so that an include of a room that is not linked does not compile.
# tools/lib/architecture.sh has the list of which room may include which.

# gdbvm_export(TARGET): the folder of the current CMakeLists.txt, as the only one below its own include root.
function(gdbvm_export target)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(root ${PROJECT_BINARY_DIR}/rooms/${folder})
  cmake_path(GET folder PARENT_PATH above)
  file(MAKE_DIRECTORY ${root}/${above})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${folder} SYMBOLIC)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${root}>)
  else()
    target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${root}>)
  endif()
endfunction()

# gdbvm_library(NAME SOURCES... LINK libs... [ALONE sources...]): a static library; its users also see what it links.
# ALONE: those whose local names others of the library have as well; they stay by themselves in a unity build.
function(gdbvm_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;ALONE" ${ARGN})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC fmt::fmt ${ARG_LINK})
  target_precompile_headers(${name} REUSE_FROM gdbvm_headers)
endfunction()

# gdbvm_room(NAME SOURCES... LINK libs... [ALONE sources...]): the library of the room whose CMakeLists.txt this is.
function(gdbvm_room name)
  gdbvm_library(${name} ${ARGN})
  gdbvm_export(${name})
endfunction()

# gdbvm_public_headers(LIBRARY HEADERS...): the headers that are installed; included as "gdbstub/NAME".
function(gdbvm_public_headers library)
  set(root ${PROJECT_BINARY_DIR}/rooms/gdbstub)
  list(TRANSFORM ARGN PREPEND ${root}/gdbstub/ OUTPUT_VARIABLE headers)
  target_sources(${library} PUBLIC FILE_SET HEADERS BASE_DIRS ${root} FILES ${headers})
  target_compile_features(${library} PUBLIC cxx_std_23)
endfunction()

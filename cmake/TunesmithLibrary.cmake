# The one library hosts link: every module's objects, with the third-party libraries private.
set(objects "")
set(links nlohmann_json::nlohmann_json Threads::Threads)
foreach(module IN LISTS TUNESMITH_MODULES)
  list(APPEND objects $<TARGET_OBJECTS:tunesmith_${module}>)
  list(APPEND links ${TUNESMITH_LINK_${module}})
endforeach()
list(REMOVE_DUPLICATES links)
set(header_only nlohmann_json::nlohmann_json Eigen3::Eigen Boost::headers)

add_library(tunesmith ${objects})
add_library(tunesmith::tunesmith ALIAS tunesmith)
tunesmith_compile_options(tunesmith)
target_include_directories(tunesmith PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
foreach(link IN LISTS links)
  if(link IN_LIST header_only)
    # Compiled in: an installed package does not know them.
    target_link_libraries(tunesmith PRIVATE $<BUILD_INTERFACE:${link}>)
  else()
    target_link_libraries(tunesmith PRIVATE ${link})
  endif()
endforeach()
# Before 1.0 a minor version may break the binary interface.
set_target_properties(tunesmith PROPERTIES LINKER_LANGUAGE CXX POSITION_INDEPENDENT_CODE ON
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

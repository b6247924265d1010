# The one library hosts link: every module's objects, with the third-party libraries private.
set(objects "")
set(links nlohmann_json::nlohmann_json Threads::Threads)
foreach(module IN LISTS TUNESMITH_MODULES)
  list(APPEND objects $<TARGET_OBJECTS:tunesmith_${module}>)
  list(APPEND links ${TUNESMITH_LINK_${module}})
endforeach()
list(REMOVE_DUPLICATES links)

add_library(tunesmith ${objects})
add_library(tunesmith::tunesmith ALIAS tunesmith)
tunesmith_compile_options(tunesmith)
target_include_directories(tunesmith PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
foreach(link IN LISTS links)
  target_link_libraries(tunesmith PRIVATE $<BUILD_INTERFACE:${link}>)
endforeach()
set_target_properties(tunesmith PROPERTIES LINKER_LANGUAGE CXX
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

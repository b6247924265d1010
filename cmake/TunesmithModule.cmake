# tunesmith_module(<name> SOURCES <file>... [LINK <third-party target>...])
# One row entry of docs/architecture.md as an OBJECT library `tunesmith_<name>`. Third-party targets stay private
# to the module: their headers never reach the public API.
set(TUNESMITH_MODULES "" CACHE INTERNAL "")

function(tunesmith_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(tunesmith_${name} OBJECT ${ARG_SOURCES})
  tunesmith_compile_options(tunesmith_${name})
  target_compile_definitions(tunesmith_${name} PRIVATE TUNESMITH_BUILDING)
  target_include_directories(tunesmith_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
  target_link_libraries(tunesmith_${name} PRIVATE nlohmann_json::nlohmann_json Threads::Threads ${ARG_LINK})
  set_target_properties(tunesmith_${name} PROPERTIES
    POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  list(APPEND TUNESMITH_MODULES ${name})
  set(TUNESMITH_MODULES "${TUNESMITH_MODULES}" CACHE INTERNAL "")
  set(TUNESMITH_LINK_${name} "${ARG_LINK}" CACHE INTERNAL "")
endfunction()

function(tunesmith_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  # Users' builds are quiet: g++ 12 at -O3 warns of overlaps in std::string that are not there (GCC bug 105651).
  if(TUNESMITH_WERROR)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  endif()
  if(TUNESMITH_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${TUNESMITH_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${TUNESMITH_SANITIZE})
  endif()
endfunction()

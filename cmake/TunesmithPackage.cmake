# What `cmake --install` brings: headers, library, and a package for find_package(tunesmith).
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tunesmith)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tunesmith DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(TARGETS tunesmith EXPORT tunesmithTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT tunesmithTargets NAMESPACE tunesmith:: DESTINATION ${package_folder})

set(launcher ${CMAKE_INSTALL_LIBEXECDIR}/tunesmith/tunesmith-launcher)
configure_package_config_file(cmake/tunesmithConfig.cmake.in ${PROJECT_BINARY_DIR}/tunesmithConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS launcher)
# Before 1.0 a minor version may break hosts.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tunesmithConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tunesmithConfig.cmake ${PROJECT_BINARY_DIR}/tunesmithConfigVersion.cmake
  cmake/TunesmithRe2.cmake DESTINATION ${package_folder})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

include(CMakePackageConfigHelpers)

file(RELATIVE_PATH program_to_library
  "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
set_target_properties(assay_program PROPERTIES INSTALL_RPATH "$ORIGIN/${program_to_library}")

install(TARGETS assay EXPORT assayTargets)
install(TARGETS assay_program)
install(DIRECTORY src/ DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/assay"
  FILES_MATCHING PATTERN "*.hpp"
  PATTERN "app" EXCLUDE)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/assay")
install(EXPORT assayTargets NAMESPACE assay:: DESTINATION "${package_dir}")
configure_package_config_file(cmake/assayConfig.cmake.in "${PROJECT_BINARY_DIR}/assayConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/assayConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/assayConfig.cmake"
  "${PROJECT_BINARY_DIR}/assayConfigVersion.cmake"
  cmake/FindMPFI.cmake
  DESTINATION "${package_dir}")

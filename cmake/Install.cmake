include(CMakePackageConfigHelpers)

file(RELATIVE_PATH program_to_library
  "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
set_target_properties(assay_program PROPERTIES INSTALL_RPATH "$ORIGIN/${program_to_library}")

install(TARGETS assay EXPORT assayTargets)
install(TARGETS assay_program)
# Public is what the umbrella header includes, as it stands when assay is installed.
install(FILES include/assay/assay.hpp DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/assay")
install(CODE "
  include(\"${CMAKE_CURRENT_SOURCE_DIR}/cmake/PublicHeaders.cmake\")
  public_headers(\"${CMAKE_CURRENT_SOURCE_DIR}/include/assay/assay.hpp\" \"${CMAKE_CURRENT_SOURCE_DIR}/src\" headers)
  foreach(header IN LISTS headers)
    cmake_path(GET header PARENT_PATH folder)
    file(INSTALL \"${CMAKE_CURRENT_SOURCE_DIR}/src/\${header}\"
      DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/assay/\${folder}\")
  endforeach()")

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

# compile_rooms_as_units(TARGET): with ASSAY_UNITY, the sources of TARGET in one folder of src/ or theorems/ are compiled
# as one unit, which reads headers and emits templates once. tests/structure/local_names.py keeps what is local to a
# source from being taken for what is local to another.
function(compile_rooms_as_units target)
  if(NOT ASSAY_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS sources)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE file)
    if(file MATCHES "^(src|theorems)/([^/]+)/")
      set_source_files_properties("${source}" TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP "${CMAKE_MATCH_2}")
    endif()
  endforeach()
endfunction()

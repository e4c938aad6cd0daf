# Installs the build, then configures, builds and runs the outside project against what was installed.
file(REMOVE_RECURSE "${work}")

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run("${CMAKE_COMMAND}" --install "${build}" --prefix "${work}/prefix")
# Moved, to show that nothing points back to where it was installed.
file(RENAME "${work}/prefix" "${work}/moved")
run("${CMAKE_COMMAND}" -S "${source}" -B "${work}/build" -G "${generator}"
  "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_PREFIX_PATH=${work}/moved" "-DCMAKE_CXX_FLAGS=${flags}")
run("${CMAKE_COMMAND}" --build "${work}/build")
run("${work}/build/outside")
run("${work}/moved/bin/assay" --help)

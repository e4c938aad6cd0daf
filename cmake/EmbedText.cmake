# embed_text(TARGET FILE SYMBOL): compiles the text of FILE into TARGET as
#   namespace assay::embedded { extern const std::string_view SYMBOL; }
function(embed_text target file symbol)
  cmake_path(ABSOLUTE_PATH file NORMALIZE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT
"#include <string_view>
namespace assay::embedded {
extern const std::string_view @symbol@;
const std::string_view @symbol@ = R\"~~~~(@text@)~~~~\";
}
")
  target_sources(${target} PRIVATE "${generated}")
endfunction()

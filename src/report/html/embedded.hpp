#pragma once

#include <string_view>

namespace assay::embedded {

/// page.css and page.js beside this file.
extern const std::string_view page_css, page_js;

}  // namespace assay::embedded

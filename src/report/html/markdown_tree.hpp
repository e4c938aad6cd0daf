#pragma once

#include <string_view>

#include "report/html/element.hpp"

namespace assay::html {

/// A Markdown text as a tree below an element without a tag: CommonMark with tables and formulas, as the reports use
/// it. Of HTML in it, <details> and <summary> on lines of their own are known; everything else stays text.
Element tree_of(std::string_view markdown);

}  // namespace assay::html

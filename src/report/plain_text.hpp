#pragma once

#include <string>
#include <string_view>

namespace assay {

/// Markdown with formulas as it reads in a terminal: "$\lVert x_i\rVert\le1$" becomes "|x_i| <= 1", "`code`" becomes
/// "code", "**bold**" becomes "bold". Of TeX it knows what the statements and cards here use; a command it does not
/// know stays as its bare name.
std::string plain_text(std::string_view markdown);

}  // namespace assay

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/picture.hpp"
#include "theory/theorem.hpp"

namespace assay::html {

/// One text of a report, as Markdown, with the pictures that it shows.
struct Section {
  const Theorem* theorem = nullptr;  ///< what it is about; nullptr: the index
  std::string markdown;
  std::vector<Picture> pictures = {};
};

/// A file <name>.html: one section, or several under each other.
struct Page {
  std::string name;
  std::vector<Section> sections;
};

/// The pages of a report as HTML, each a whole of its own: style, script, pictures and their data inside, formulas as
/// MathML. Everything comes from the Markdown; links to the Markdown files of other pages go to their HTML, links to
/// files that are no pages of this report are dropped. A verdict links to its claim and to the proof on the card.
/// @throws InputError if formulas cannot be converted (see require_formula_converter).
std::vector<std::string> pages(const std::vector<Page>& report);

}  // namespace assay::html

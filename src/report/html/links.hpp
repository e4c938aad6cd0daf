#pragma once

#include <map>
#include <set>
#include <string>

#include "report/html/element.hpp"
#include "report/html/page.hpp"

namespace assay::html {

/// Where the statements of theorems stand in a report, to be linked to.
class Anchors {
 public:
  explicit Anchors(const std::vector<Page>& report);

  /// The page of the file `<name>.md`, if it is one of this report; else nothing.
  bool has_page(const std::string& name) const { return pages_.count(name) > 0; }
  /// The id of the statement of a theorem whose text, or whose id as code, is in a cell; empty if it is none.
  std::string statement_in(const std::string& theorem, const Element& cell) const;

 private:
  std::set<std::string> pages_;
  std::map<std::string, std::map<std::string, std::string>> ids_;  ///< by theorem, then by text or id
};

/// Gives headings, the card and the rows of statements their ids, and leads verdicts to them. Ids of a page with more
/// than one section begin with that of its theorem.
/// @param prefix  "" or "width-"
void link_section(Element& root, const Section& section, const Anchors& anchors, const std::string& prefix);

/// Links to `<name>.md` go to `<name>.html`; those to Markdown that is no page of this report become plain text.
void link_pages(Element& root, const Anchors& anchors);

}  // namespace assay::html

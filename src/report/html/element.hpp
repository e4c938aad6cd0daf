#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::html {

/// A node of a page: an element, a text, a formula that is still TeX, or markup that is written as it stands.
struct Element {
  enum class Kind { element, text, formula, markup };
  Kind kind = Kind::element;
  std::string tag = {};   ///< of an element: "td"; of a formula: "block" or "inline"
  std::string text = {};  ///< of the other kinds
  std::vector<std::pair<std::string, std::string>> attributes = {};
  std::vector<Element> children = {};

  bool is(std::string_view name) const { return kind == Kind::element && tag == name; }
  /// Empty if there is none.
  std::string_view attribute(std::string_view name) const;
  void set(std::string_view name, std::string value);
};

Element text_node(std::string text);
Element markup_node(std::string markup);

/// The text without its marks; formulas as $TeX$.
std::string text_of(const Element& element);

/// Calls visit for every node, parents first; what visit changes below a node is visited as changed.
void for_each(Element& root, const std::function<void(Element&)>& visit);

/// The element and all below it, as HTML that is XML, too.
std::string written(const Element& element);

}  // namespace assay::html

#include "report/html/element.hpp"

#include <algorithm>
#include <array>

#include "report/svg.hpp"

namespace assay::html {

std::string_view Element::attribute(std::string_view name) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [&](const auto& each) { return each.first == name; });
  return found == attributes.end() ? std::string_view() : found->second;
}

void Element::set(std::string_view name, std::string value) {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [&](const auto& each) { return each.first == name; });
  if (found == attributes.end())
    attributes.emplace_back(name, std::move(value));
  else
    found->second = std::move(value);
}

Element text_node(std::string text) {
  return {Element::Kind::text, "", std::move(text)};
}

Element markup_node(std::string markup) {
  return {Element::Kind::markup, "", std::move(markup)};
}

std::string text_of(const Element& element) {
  if (element.kind == Element::Kind::text) return element.text;
  if (element.kind == Element::Kind::formula) return "$" + element.text + "$";
  std::string text;
  for (const Element& child : element.children) text += text_of(child);
  return text;
}

void for_each(Element& root, const std::function<void(Element&)>& visit) {
  visit(root);
  for (std::size_t k = 0; k < root.children.size(); ++k) for_each(root.children[k], visit);
}

namespace {

bool is_void(std::string_view tag) {
  constexpr std::array<std::string_view, 4> kVoid{"br", "hr", "img", "meta"};
  return std::find(kVoid.begin(), kVoid.end(), tag) != kVoid.end();
}

bool is_block(std::string_view tag) {
  constexpr std::array<std::string_view, 6> kInline{"a", "code", "em", "strong", "sup", "span"};
  return std::find(kInline.begin(), kInline.end(), tag) == kInline.end();
}

/// Line breaks mean something in code; elsewhere they are blanks.
std::string escaped_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += svg::escaped(text.substr(0, end));
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

std::string written(const Element& element) {
  switch (element.kind) {
    case Element::Kind::text:
      return escaped_text(element.text);
    case Element::Kind::markup:
      return element.text;
    case Element::Kind::formula:
      return "<code>" + svg::escaped(element.text) + "</code>";
    case Element::Kind::element:
      break;
  }
  std::string out;
  if (!element.tag.empty()) {
    out += "<" + element.tag;
    for (const auto& [name, value] : element.attributes) out += " " + name + "=\"" + svg::escaped(value) + "\"";
    if (is_void(element.tag)) return out + "/>";
    out += ">";
  }
  for (const Element& child : element.children) out += written(child);
  if (element.tag.empty()) return out;
  return out + "</" + element.tag + ">" + (is_block(element.tag) ? "\n" : "");
}

}  // namespace assay::html

#include "report/html/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>

#include "report/html/embedded.hpp"
#include "report/html/links.hpp"
#include "report/html/markdown_tree.hpp"
#include "report/html/mathml.hpp"
#include "report/html/tables.hpp"
#include "report/plain_text.hpp"
#include "report/portable_markdown.hpp"
#include "report/svg.hpp"

namespace assay::html {

namespace {

/// A file as the target of a link that carries it.
std::string data_link(std::string_view type, std::string_view bytes) {
  std::string target = fmt::format("data:{};charset=utf-8,", type);
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-~,+";
  for (const char c : bytes)
    target += kPlain.find(c) != std::string_view::npos ? std::string(1, c)
                                                       : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return target;
}

/// A picture as a part of a page, where the names in it are its own.
std::string inlined(std::string svg, std::size_t number) {
  static const std::regex id("(id=\"|url\\(#)([a-z-]+)");
  return std::regex_replace(svg, id, fmt::format("$1picture-{}-$2", number));
}

/// Shows pictures in their places, and lets the links to their data carry it.
void insert_pictures(Element& root, const std::vector<Picture>& pictures, std::size_t& number) {
  std::map<std::string, const Picture*> svgs, csvs;
  for (const Picture& picture : pictures) {
    svgs[link_target(picture.stem) + ".svg"] = &picture;
    if (!picture.csv.empty()) csvs[link_target(picture.stem) + ".csv"] = &picture;
  }
  for_each(root, [&](Element& each) {
    if (each.is("p") && each.children.size() == 1 && each.children[0].is("img")) {
      const auto found = svgs.find(std::string(each.children[0].attribute("src")));
      if (found == svgs.end()) return;
      each.tag = "figure";
      each.children = {markup_node(inlined(found->second->svg, ++number))};
    } else if (each.is("a")) {
      const auto found = csvs.find(std::string(each.attribute("href")));
      if (found == csvs.end()) return;
      const auto& stem = found->second->stem;
      each.set("download", stem.substr(stem.rfind('/') + 1) + ".csv");
      each.set("href", data_link("text/csv", found->second->csv));
    }
  });
}

/// 10^88 as a power, outside code.
void raise_exponents(Element& element) {
  static const std::regex power("10\\^([-+]?[0-9.]*[0-9])");
  if (element.is("code")) return;
  std::vector<Element> children;
  for (Element& child : element.children) {
    if (child.kind != Element::Kind::text) {
      raise_exponents(child);
      children.push_back(std::move(child));
      continue;
    }
    const std::string text = std::move(child.text);
    auto from = text.cbegin();
    for (std::sregex_iterator k(text.begin(), text.end(), power), end; k != end; ++k) {
      children.push_back(text_node(std::string(from, (*k)[0].first) + "10"));
      children.push_back({Element::Kind::element, "sup", "", {}, {text_node((*k)[1])}});
      from = (*k)[0].second;
    }
    children.push_back(text_node(std::string(from, text.cend())));
  }
  element.children = std::move(children);
}

/// No line ends between a formula and the point or comma after it.
void keep_punctuation(Element& element) {
  std::vector<Element> children;
  for (Element& child : element.children) {
    keep_punctuation(child);
    const bool after_formula = !children.empty() && children.back().kind == Element::Kind::formula;
    const auto count =
        child.kind == Element::Kind::text ? std::min(child.text.find_first_not_of(".,;:!?)"), child.text.size()) : 0;
    if (after_formula && count > 0 && children.back().tag == "inline") {
      Element kept{Element::Kind::element, "span", "", {{"class", "kept"}}};
      kept.children = {std::move(children.back()), text_node(child.text.substr(0, count))};
      children.back() = std::move(kept);
      child.text.erase(0, count);
    }
    children.push_back(std::move(child));
  }
  element.children = std::move(children);
}

/// Links to the sections of a page, in their order.
Element navigation(const Element& body) {
  Element nav{Element::Kind::element, "nav"};
  const std::function<void(const Element&)> visit = [&](const Element& each) {
    if (each.is("h2")) {
      Element link{Element::Kind::element, "a"};
      link.set("href", "#" + std::string(each.attribute("id")));
      link.children = each.children;
      nav.children.push_back(std::move(link));
      nav.children.push_back(text_node(" "));
    }
    for (const Element& child : each.children) visit(child);
  };
  visit(body);
  return nav;
}

/// Below the title, where there is more than one section.
void add_navigation(Element& body) {
  Element nav = navigation(body);
  if (nav.children.size() < 4) return;
  const auto title =
      std::find_if(body.children.begin(), body.children.end(), [](const Element& each) { return each.is("h1"); });
  if (title != body.children.end()) body.children.insert(title + 1, std::move(nav));
}

Element body_of(const Page& page, const Anchors& anchors) {
  Element body{Element::Kind::element, "main"};
  std::size_t pictures = 0;
  for (const Section& section : page.sections) {
    Element root = tree_of(section.markdown);
    prepare_tables(root);
    const bool alone = page.sections.size() == 1 || section.theorem == nullptr;
    link_section(root, section, anchors, alone ? "" : section.theorem->id + "-");
    insert_pictures(root, section.pictures, pictures);
    raise_exponents(root);
    keep_punctuation(root);
    add_navigation(root);
    std::move(root.children.begin(), root.children.end(), std::back_inserter(body.children));
  }
  link_pages(body, anchors);
  return body;
}

/// All formulas of a report, each once: one run converts them.
class Formulas {
 public:
  void collect(Element& body) {
    for_each(body, [&](Element& each) {
      if (each.kind == Element::Kind::formula) markup_.emplace(formula_of(each), "");
    });
  }
  void convert() {
    std::vector<Formula> all;
    for (const auto& [formula, markup] : markup_) all.push_back(formula);
    const auto converted = mathml_of(all);
    for (std::size_t k = 0; k < all.size(); ++k)
      markup_[all[k]] = converted[k].value_or("<code>" + svg::escaped(all[k].tex) + "</code>");
  }
  void insert(Element& body) const {
    for_each(body, [&](Element& each) {
      if (each.kind == Element::Kind::formula) each = markup_node(markup_.at(formula_of(each)));
    });
  }

 private:
  static Formula formula_of(const Element& element) { return {element.text, element.tag == "block"}; }
  std::map<Formula, std::string> markup_;
};

std::string title_of(const Element& body) {
  for (const Element& child : body.children)
    if (child.is("h1")) return plain_text(text_of(child));
  return "Report";
}

/// Style and script stand in sections that are no markup for XML either.
std::string document(const std::string& title, const Element& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{}</title>\n"
      "<style>/*<![CDATA[*/\n{}/*]]>*/</style>\n</head>\n<body>\n{}"
      "<script>/*<![CDATA[*/\n{}/*]]>*/</script>\n</body>\n</html>\n",
      svg::escaped(title), embedded::page_css, written(body), embedded::page_js);
}

}  // namespace

std::vector<std::string> pages(const std::vector<Page>& report) {
  const Anchors anchors(report);
  std::vector<Element> bodies;
  Formulas formulas;
  for (const Page& page : report) formulas.collect(bodies.emplace_back(body_of(page, anchors)));
  formulas.convert();
  std::vector<std::string> documents;
  for (Element& body : bodies) {
    const std::string title = title_of(body);
    formulas.insert(body);
    documents.push_back(document(title, body));
  }
  return documents;
}

}  // namespace assay::html

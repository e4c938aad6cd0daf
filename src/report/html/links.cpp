#include "report/html/links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "report/html/markdown_tree.hpp"
#include "report/portable_markdown.hpp"

namespace assay::html {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// The id of a heading as Git hosts make it: "instance-1" for "Instance 1".
std::string slug(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_word(lower))
      out += lower;
    else if (c == ' ' || c == '-')
      out += '-';
  }
  return out;
}

std::string trimmed(std::string text) {
  const auto first = text.find_first_not_of(" \n"), last = text.find_last_not_of(" \n");
  return first == std::string::npos ? "" : text.substr(first, last + 1 - first);
}

/// The text of a statement as it reads in the cell of a table.
std::string text_in_cell(const Statement& statement) {
  return trimmed(text_of(tree_of(table_cell(statement.text))));
}

bool is_heading(const Element& element) {
  return element.kind == Element::Kind::element && element.tag.size() == 2 && element.tag[0] == 'h' &&
         element.tag[1] >= '1' && element.tag[1] <= '6';
}

Element link_to(const std::string& target, std::vector<Element> children) {
  Element link{Element::Kind::element, "a"};
  link.set("href", target);
  link.children = std::move(children);
  return link;
}

Element proof_link(const std::string& target) {
  Element link = link_to(target, {text_node("proof")});
  link.set("class", "proof");
  return link;
}

bool has_link(Element& element) {
  bool any = false;
  for_each(element, [&](Element& each) { any = any || each.is("a"); });
  return any;
}

/// The whole content of a cell becomes a link, unless there is one in it.
void lead(Element& cell, const std::string& target) {
  if (cell.children.empty() || has_link(cell)) return;
  cell.children = {link_to(target, std::move(cell.children))};
}

/// The number k of a link to #instance-k.
std::optional<std::string> instance_of(std::string_view target) {
  constexpr std::string_view kStart = "instance-";
  const auto at = target.find(kStart);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view number = target.substr(at + kStart.size());
  const bool digits =
      !number.empty() && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? std::optional(std::string(number)) : std::nullopt;
}

/// The page that a link to "width.md" or "width.md#x" names.
std::optional<std::string> page_of(std::string_view target) {
  const auto end = std::min(target.find('#'), target.size());
  const std::string_view file = target.substr(0, end);
  if (!file.ends_with(".md") || file.find(':') != std::string_view::npos) return std::nullopt;
  return std::string(file.substr(0, file.size() - 3));
}

/// Walks through a section in its order, and knows under which heading it is.
class Linker {
 public:
  Linker(const Section& section, const Anchors& anchors, std::string prefix)
      : section_(section), anchors_(anchors), prefix_(std::move(prefix)) {}

  void walk(Element& element) {
    if (is_heading(element)) name(element);
    if (element.is("details")) mark_card(element);
    if (element.is("table")) return link_table(element);
    if (element.is("a")) keep_in_section(element);
    for (Element& child : element.children) walk(child);
  }

 private:
  void name(Element& heading) {
    const std::string id = slug(text_of(heading));
    if (heading.tag == "h2") instance_ = instance_of(id);
    heading.set("id", unique(prefix_ + id));
  }

  std::string unique(const std::string& id) {
    std::string name = id;
    for (int number = 1; !ids_.insert(name).second; ++number) name = fmt::format("{}-{}", id, number);
    return name;
  }

  /// The first group that is folded is the card. The id is inside, so that going there opens it.
  void mark_card(Element& details) {
    if (!ids_.insert(prefix_ + "proof").second) return;
    Element mark{Element::Kind::element, "span"};
    mark.set("id", prefix_ + "proof");
    const auto after_summary =
        details.children.begin() + (!details.children.empty() && details.children.front().is("summary") ? 1 : 0);
    details.children.insert(after_summary, std::move(mark));
  }

  void keep_in_section(Element& link) {
    const std::string target(link.attribute("href"));
    if (target.starts_with("#")) link.set("href", "#" + prefix_ + target.substr(1));
  }

  void link_table(Element& table) {
    std::vector<std::optional<std::string>> instances;  // of the columns
    for_each(table, [&](Element& row) {
      if (!row.is("tr")) return;
      if (!row.children.empty() && row.children.front().is("th"))
        for (Element& cell : row.children) instances.push_back(instance_of_column(cell));
      else
        link_row(row, instances);
    });
    for_each(table, [&](Element& each) {
      if (each.is("a") && each.attribute("class").empty() && !each.attribute("href").starts_with("#" + prefix_))
        keep_in_section(each);
    });
  }

  static std::optional<std::string> instance_of_column(Element& cell) {
    std::optional<std::string> instance;
    for_each(cell, [&](Element& each) {
      if (each.is("a") && each.attribute("href").starts_with("#")) instance = instance_of(each.attribute("href"));
    });
    return instance;
  }

  /// A row about a statement: of this theorem, or on the index of the one that the row links to.
  void link_row(Element& row, const std::vector<std::optional<std::string>>& instances) {
    const auto [theorem, page] = theorem_of_row(row);
    if (theorem.empty()) return;
    std::string id;
    for (const Element& cell : row.children)
      if (id.empty()) id = anchors_.statement_in(theorem, cell);
    if (id.empty()) return;
    if (!page.empty())
      link_row_of_index(row, page + "#" + id, page + "#proof");
    else if (instance_)
      link_row_of_instance(row, id);
    else
      link_row_of_overview(row, id, instances);
  }

  /// The theorem and, on the index, the file of its page.
  std::pair<std::string, std::string> theorem_of_row(Element& row) const {
    if (section_.theorem != nullptr) return {section_.theorem->id, ""};
    std::string theorem;
    for_each(row, [&](Element& each) {
      if (each.is("a") && theorem.empty()) theorem = page_of(each.attribute("href")).value_or("");
    });
    return {theorem, theorem.empty() ? "" : theorem + ".md"};
  }

  void link_row_of_index(Element& row, const std::string& claim, const std::string& proof) {
    for (Element& cell : row.children) {
      for_each(cell, [&](Element& each) {
        if (each.is("a") && page_of(each.attribute("href"))) each.set("href", claim);
      });
      if (cell.attribute("data-verdict").empty()) continue;
      lead(cell, claim);
      cell.children.push_back(text_node(" "));
      cell.children.push_back(proof_link(proof));
    }
  }

  void link_row_of_instance(Element& row, const std::string& id) {
    row.set("id", unique(fmt::format("{}{}-{}", prefix_, id, *instance_)));
    lead(row.children.front(), "#" + prefix_ + id);
    for (Element& cell : row.children) {
      if (cell.attribute("data-verdict").empty()) continue;
      lead(cell, "#" + prefix_ + id);
      cell.children.push_back(text_node(" "));
      cell.children.push_back(proof_link("#" + prefix_ + "proof"));
    }
  }

  void link_row_of_overview(Element& row, const std::string& id,
                            const std::vector<std::optional<std::string>>& instances) {
    if (!ids_.insert(prefix_ + id).second) return;
    row.set("id", prefix_ + id);
    for (std::size_t k = 0; k < row.children.size() && k < instances.size(); ++k) {
      if (!instances[k]) continue;
      row.children[k].set("class", "mark");
      lead(row.children[k], fmt::format("#{}{}-{}", prefix_, id, *instances[k]));
    }
    for (Element& cell : row.children)
      if (!anchors_.statement_in(section_.theorem->id, cell).empty()) {
        cell.set("class", "statement");
        cell.children.push_back(text_node(" "));
        cell.children.push_back(proof_link("#" + prefix_ + "proof"));
        return;
      }
  }

  const Section& section_;
  const Anchors& anchors_;
  std::string prefix_;
  std::optional<std::string> instance_;  ///< whose section we are in
  std::set<std::string> ids_;
};

}  // namespace

Anchors::Anchors(const std::vector<Page>& report) {
  for (const Page& page : report) {
    pages_.insert(page.name);
    for (const Section& section : page.sections) {
      if (section.theorem == nullptr) continue;
      auto& ids = ids_[section.theorem->id];
      for (const auto* statements : {&section.theorem->hypotheses, &section.theorem->claims})
        for (const Statement& statement : *statements) {
          ids[statement.id] = statement.id;
          if (const std::string text = text_in_cell(statement); !text.empty()) ids[text] = statement.id;
        }
    }
  }
}

std::string Anchors::statement_in(const std::string& theorem, const Element& cell) const {
  const auto of_theorem = ids_.find(theorem);
  if (of_theorem == ids_.end()) return "";
  const auto& ids = of_theorem->second;
  if (const auto found = ids.find(trimmed(text_of(cell))); found != ids.end()) return found->second;
  for (const Element& child : cell.children)
    if (child.is("code") || child.is("a"))
      if (const auto found = ids.find(text_of(child)); found != ids.end()) return found->second;
  return "";
}

void link_section(Element& root, const Section& section, const Anchors& anchors, const std::string& prefix) {
  Linker(section, anchors, prefix).walk(root);
}

void link_pages(Element& root, const Anchors& anchors) {
  for_each(root, [&](Element& each) {
    if (!each.is("a")) return;
    const std::string target(each.attribute("href"));
    const auto page = page_of(target);
    if (!page) return;
    if (anchors.has_page(*page)) return each.set("href", *page + ".html" + target.substr(page->size() + 3));
    each.tag = "span";
    each.attributes.clear();
  });
}

}  // namespace assay::html

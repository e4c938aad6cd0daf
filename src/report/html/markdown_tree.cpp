#include "report/html/markdown_tree.hpp"

#include <fmt/format.h>
#include <md4c.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace assay::html {

namespace {

/// A character of Unicode as UTF-8.
std::string utf8(unsigned long code) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto byte = [](unsigned long bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
          byte(0x80 | (code & 0x3F))};
}

/// "&lt;" and "&#60;" as "<"; an entity that is not known as it is written.
std::string decoded(std::string_view entity) {
  static const std::map<std::string_view, std::string_view> kNamed{
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", "\u00A0"}};
  if (const auto known = kNamed.find(entity); known != kNamed.end()) return std::string(known->second);
  if (!entity.starts_with("&#") || entity.size() < 4) return std::string(entity);
  const bool hexadecimal = entity[2] == 'x' || entity[2] == 'X';
  return utf8(std::stoul(std::string(entity.substr(hexadecimal ? 3 : 2)), nullptr, hexadecimal ? 16 : 10));
}

std::string text_of(const MD_ATTRIBUTE& attribute) {
  std::string text;
  for (std::size_t k = 0; attribute.text != nullptr && attribute.substr_offsets[k] < attribute.size; ++k) {
    const std::string_view part(attribute.text + attribute.substr_offsets[k],
                                attribute.substr_offsets[k + 1] - attribute.substr_offsets[k]);
    text += attribute.substr_types[k] == MD_TEXT_ENTITY ? decoded(part) : std::string(part);
  }
  return text;
}

template <class Detail>
const Detail& as(const void* detail) {
  return *static_cast<const Detail*>(detail);
}

class Builder {
 public:
  void enter_block(MD_BLOCKTYPE type, const void* detail);
  void leave_block(MD_BLOCKTYPE type);
  void enter_span(MD_SPANTYPE type, const void* detail);
  void leave_span(MD_SPANTYPE type);
  void add_text(MD_TEXTTYPE type, std::string_view text);
  Element tree();

 private:
  void open(Element element) { open_.push_back(std::move(element)); }
  void open(const char* tag) { open({Element::Kind::element, tag}); }
  void close();
  void add(Element element) { open_.back().children.push_back(std::move(element)); }
  void add_html(std::string_view html);

  std::vector<Element> open_{Element{}};  ///< from the root to where we are
  bool in_html_ = false;                  ///< in a block of HTML
  std::string html_;                      ///< its text
};

void Builder::close() {
  Element element = std::move(open_.back());
  open_.pop_back();
  add(std::move(element));
}

void Builder::enter_block(MD_BLOCKTYPE type, const void* detail) {
  switch (type) {
    case MD_BLOCK_DOC:
      return;
    case MD_BLOCK_QUOTE:
      return open("blockquote");
    case MD_BLOCK_UL:
      return open("ul");
    case MD_BLOCK_OL:
      return open("ol");
    case MD_BLOCK_LI:
      return open("li");
    case MD_BLOCK_HR:
      return open("hr");
    case MD_BLOCK_H: {
      const std::string tag = fmt::format("h{}", as<MD_BLOCK_H_DETAIL>(detail).level);
      return open({Element::Kind::element, tag});
    }
    case MD_BLOCK_CODE:
      open("pre");
      return open("code");
    case MD_BLOCK_HTML:
      in_html_ = true;
      return html_.clear();
    case MD_BLOCK_P:
      return open("p");
    case MD_BLOCK_TABLE:
      return open("table");
    case MD_BLOCK_THEAD:
      return open("thead");
    case MD_BLOCK_TBODY:
      return open("tbody");
    case MD_BLOCK_TR:
      return open("tr");
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
      open(type == MD_BLOCK_TH ? "th" : "td");
      if (as<MD_BLOCK_TD_DETAIL>(detail).align == MD_ALIGN_RIGHT) open_.back().set("class", "right");
      return;
  }
}

void Builder::leave_block(MD_BLOCKTYPE type) {
  if (type == MD_BLOCK_DOC) return;
  if (type == MD_BLOCK_HTML) {
    in_html_ = false;
    return add_html(html_);
  }
  if (type == MD_BLOCK_CODE) close();
  close();
}

/// <details>, <summary>...</summary> and </details>, one a line. A group that the text leaves open, or closes without
/// having opened it, does no harm.
void Builder::add_html(std::string_view html) {
  constexpr std::string_view kSummary = "<summary>", kSummaryEnd = "</summary>";
  while (!html.empty()) {
    const auto end = std::min(html.find('\n'), html.size());
    const std::string_view line = html.substr(0, end);
    html.remove_prefix(std::min(end + 1, html.size()));
    if (line == "<details>") {
      open("details");
    } else if (line == "</details>" && open_.back().is("details")) {
      close();
    } else if (line.starts_with(kSummary) && line.ends_with(kSummaryEnd) && open_.back().is("details")) {
      open("summary");
      add(text_node(std::string(line.substr(kSummary.size(), line.size() - kSummary.size() - kSummaryEnd.size()))));
      close();
    } else if (!line.empty()) {
      open("p");
      add(text_node(std::string(line)));
      close();
    }
  }
}

void Builder::enter_span(MD_SPANTYPE type, const void* detail) {
  switch (type) {
    case MD_SPAN_EM:
      return open("em");
    case MD_SPAN_STRONG:
      return open("strong");
    case MD_SPAN_A:
      open("a");
      return open_.back().set("href", text_of(as<MD_SPAN_A_DETAIL>(detail).href));
    case MD_SPAN_IMG:
      open("img");
      return open_.back().set("src", text_of(as<MD_SPAN_IMG_DETAIL>(detail).src));
    case MD_SPAN_CODE:
      return open("code");
    case MD_SPAN_LATEXMATH:
      return open({Element::Kind::formula, "inline"});
    case MD_SPAN_LATEXMATH_DISPLAY:
      return open({Element::Kind::formula, "block"});
    default:
      return open("span");
  }
}

void Builder::leave_span(MD_SPANTYPE type) {
  if (type == MD_SPAN_IMG) {
    std::string alt = html::text_of(open_.back());
    open_.back().children.clear();
    open_.back().set("alt", std::move(alt));
  }
  close();
}

void Builder::add_text(MD_TEXTTYPE type, std::string_view text) {
  if (open_.back().kind == Element::Kind::formula) {
    open_.back().text += type == MD_TEXT_SOFTBR || text == "\n" ? " " : std::string(text);
    return;
  }
  switch (type) {
    case MD_TEXT_BR:
      return add({Element::Kind::element, "br"});
    case MD_TEXT_SOFTBR:
      return add(text_node("\n"));
    case MD_TEXT_ENTITY:
      return add(text_node(decoded(text)));
    case MD_TEXT_NULLCHAR:
      return add(text_node("\uFFFD"));
    case MD_TEXT_HTML:
      if (!in_html_) return add(text_node(std::string(text)));  // nothing but whole lines is known
      html_ += text;
      return;
    default:
      return add(text_node(std::string(text)));
  }
}

Element Builder::tree() {
  while (open_.size() > 1) close();
  return std::move(open_.front());
}

}  // namespace

Element tree_of(std::string_view markdown) {
  Builder builder;
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_LATEXMATHSPANS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* data) {
    return static_cast<Builder*>(data)->enter_block(type, detail), 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* data) {
    return static_cast<Builder*>(data)->leave_block(type), 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* data) {
    return static_cast<Builder*>(data)->enter_span(type, detail), 0;
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* data) {
    return static_cast<Builder*>(data)->leave_span(type), 0;
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* data) {
    return static_cast<Builder*>(data)->add_text(type, {text, size}), 0;
  };
  if (md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, &builder) != 0)
    throw std::runtime_error("html: a report cannot be read as Markdown");
  return builder.tree();
}

}  // namespace assay::html

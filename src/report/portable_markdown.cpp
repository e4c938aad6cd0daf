#include "report/portable_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "report/letter.hpp"

namespace assay {

namespace {

bool is_punctuation(char c) {
  return std::ispunct(static_cast<unsigned char>(c)) != 0;
}
bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

/// Signs that Markdown would take for its own, after a backslash or alone, and the commands that mean the same.
const std::map<std::string_view, std::string_view>& commands_by_name() {
  static const std::map<std::string_view, std::string_view> table{
      {"\\{", "\\lbrace"},    {"\\}", "\\rbrace"},    {"\\|", "\\Vert"},      {"\\\\", "\\cr"},
      {"\\,", "\\thinspace"}, {"\\:", "\\thinspace"}, {"\\;", "\\thinspace"}, {"\\!", ""},
      {"|", "\\vert"},        {"*", "\\ast"},         {"<", "\\lt"},          {">", "\\gt"}};
  return table;
}

std::string portable_formula(std::string_view tex) {
  std::string out;
  while (!tex.empty()) {
    const std::string_view token = tex.substr(0, tex[0] == '\\' ? 2 : 1);
    tex.remove_prefix(token.size());
    const auto known = commands_by_name().find(token);
    if (known != commands_by_name().end()) {
      out += known->second;
      // The blank ends the name of the command.
      if (!known->second.empty() && !tex.empty() && is_letter(tex[0])) out += ' ';
    } else if (token == "_" && !out.empty() && is_punctuation(out.back())) {
      out += " _ ";  // between blanks it cannot open emphasis
    } else {
      out += token[0] == '\n' ? ' ' : token[0];
      out += token.substr(1);
    }
  }
  return out;
}

class Rewriter {
 public:
  Rewriter(std::string_view markdown, bool in_cell) : rest_(markdown), in_cell_(in_cell) {}

  std::string all() {
    while (!rest_.empty()) step();
    return out_;
  }

 private:
  void step();
  bool code();
  bool formula(std::string_view mark);
  void copy(std::size_t count);

  std::string_view rest_;
  std::string out_;
  bool in_cell_;
};

/// Copies code, or text that is no formula.
void Rewriter::copy(std::size_t count) {
  for (const char c : rest_.substr(0, count)) {
    if (in_cell_ && c == '|') out_ += '\\';
    out_ += in_cell_ && c == '\n' ? ' ' : c;
  }
  rest_.remove_prefix(std::min(count, rest_.size()));
}

/// Code between equally long runs of backticks, fenced or not.
bool Rewriter::code() {
  const std::size_t run = std::min(rest_.find_first_not_of('`'), rest_.size());
  if (run == 0) return false;
  std::size_t close = rest_.find(rest_.substr(0, run), run);
  while (close != std::string_view::npos && close + run < rest_.size() && rest_[close + run] == '`')
    close = rest_.find(rest_.substr(0, run), rest_.find_first_not_of('`', close));
  copy(close == std::string_view::npos ? run : close + run);
  return true;
}

/// A formula in one paragraph, with no blank inside next to a single dollar.
bool Rewriter::formula(std::string_view mark) {
  if (!rest_.starts_with(mark)) return false;
  const auto end = rest_.find(mark, mark.size());
  if (end == std::string_view::npos || rest_.find("\n\n") < end) return false;
  const std::string_view inside = rest_.substr(mark.size(), end - mark.size());
  if (inside.empty() || (mark == "$" && (is_blank(inside.front()) || is_blank(inside.back())))) return false;
  // Display formulas keep their own lines.
  const bool on_own_lines = !in_cell_ && inside.front() == '\n';
  out_ += mark;
  if (on_own_lines) out_ += '\n';
  out_ += portable_formula(on_own_lines ? inside.substr(1, inside.size() - (inside.back() == '\n' ? 2 : 1)) : inside);
  if (on_own_lines) out_ += '\n';
  out_ += mark;
  rest_.remove_prefix(end + mark.size());
  return true;
}

void Rewriter::step() {
  if (rest_[0] == '\\' && rest_.size() > 1) {  // an escaped sign is no mark
    out_ += rest_.substr(0, 2);
    rest_.remove_prefix(2);
    return;
  }
  if (code() || formula("$$") || formula("$")) return;
  copy(1);
}

/// Calls visit(level, line) for every line; level is that of a heading, else 0.
template <class Visit>
void for_each_line(std::string_view markdown, Visit visit) {
  bool in_fence = false;
  while (!markdown.empty()) {
    const auto end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("```")) in_fence = !in_fence;
    const std::size_t hashes = std::min(line.find_first_not_of('#'), line.size());
    const bool is_heading = !in_fence && hashes > 0 && hashes < line.size() && line[hashes] == ' ';
    visit(is_heading ? hashes : 0, line);
  }
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + table_cell(cell) + " |";
  return row + "\n";
}

}  // namespace

std::string portable_markdown(std::string_view markdown) {
  return Rewriter(markdown, false).all();
}

std::string table_cell(std::string_view markdown) {
  return Rewriter(markdown, true).all();
}

std::string literal_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_<>[]$#&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string link_target(std::string_view file_name) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  std::string target;
  for (const char c : file_name)
    target += kPlain.find(c) != std::string_view::npos ? std::string(1, c)
                                                       : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return target;
}

std::string markdown_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                           const std::vector<std::size_t>& right) {
  std::string table = table_row(header) + "|";
  for (std::size_t k = 0; k < header.size(); ++k)
    table += std::find(right.begin(), right.end(), k) == right.end() ? " --- |" : " ---: |";
  table += "\n";
  for (const auto& row : rows) table += table_row(row);
  return table;
}

std::string with_headings_from(std::string_view markdown, std::size_t level) {
  if (markdown.starts_with("# ")) markdown.remove_prefix(std::min(markdown.find('\n'), markdown.size()));
  while (markdown.starts_with('\n')) markdown.remove_prefix(1);
  std::size_t highest = 6;
  for_each_line(markdown, [&](std::size_t hashes, std::string_view) {
    if (hashes > 0) highest = std::min(highest, hashes);
  });
  std::string out;
  for_each_line(markdown, [&](std::size_t hashes, std::string_view line) {
    if (hashes > 0) out += std::string(std::min<std::size_t>(level + hashes - highest, 6), '#');
    out += line.substr(hashes);
    out += '\n';
  });
  return out;
}

}  // namespace assay

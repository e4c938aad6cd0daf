#include "data/message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
std::string escaped(char c) {
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
}

}  // namespace

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 24;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) result += is_control(c) || !is_ascii(c) ? escaped(c) : std::string(1, c);
  return result + (text.size() > longest ? "...'" : "'");
}

std::string printable(std::string_view path) {
  std::string result;
  for (const char c : path) result += is_control(c) ? escaped(c) : std::string(1, c);
  return result;
}

bool is_plain_name(std::string_view path) {
  if (std::any_of(path.begin(), path.end(), is_control)) return false;
  // U+0080 to U+009F in UTF-8: terminals obey some of them.
  for (auto at = path.find('\xC2'); at != std::string_view::npos; at = path.find('\xC2', at + 1))
    if (at + 1 < path.size() && (static_cast<unsigned char>(path[at + 1]) & 0xE0) == 0x80) return false;
  return true;
}

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  return longest;
}

std::string code_span(std::string_view text) {
  const std::size_t run = longest_run_of_backticks(text);
  const std::string fence(run + 1, '`'), pad(run == 0 ? 0 : 1, ' ');  // Markdown takes the blanks away again
  return fence + pad + std::string(text) + pad + fence;
}

std::string shape_text(std::ptrdiff_t rows, std::ptrdiff_t columns) {
  return fmt::format("{} x {}", rows, columns);
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:,@%=";
  const std::string word = text.starts_with('-') ? "./" + text : text;  // not to be taken for an option
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted_word = "'";
  for (const char c : word) quoted_word += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted_word + "'";
}

}  // namespace assay

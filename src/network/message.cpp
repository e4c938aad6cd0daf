#include "network/message.hpp"

#include <fmt/format.h>

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

#include "report/html/mathml.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <regex>

#include "data/input_error.hpp"
#include "report/letter.hpp"
#include "report/svg.hpp"

namespace assay::html {

namespace {

constexpr const char* kProgram = "blahtexml";

struct Close {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, Close>;

[[noreturn]] void fail(std::string_view why) {
  throw InputError(
      fmt::format("--html: formulas are converted by {}, which {}; expected the Debian package {} to be installed",
                  kProgram, why, kProgram));
}

File temporary_file() {
  File file(std::tmpfile());
  if (!file) throw InputError("--html: expected that a temporary file can be made");
  return file;
}

/// Runs the program with the given text as its input. What it reports of single formulas stands in its output.
std::string output_of(std::vector<const char*> arguments, std::string_view input) {
  const File in = temporary_file(), out = temporary_file();
  if (std::fwrite(input.data(), 1, input.size(), in.get()) != input.size() || std::fflush(in.get()) != 0)
    throw InputError("--html: a temporary file cannot be written: expected room for it");
  std::rewind(in.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  arguments.insert(arguments.begin(), kProgram);
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, kProgram, &actions, nullptr, const_cast<char* const*>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail("cannot be run");
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) fail("cannot be run");
  if (!WIFEXITED(status)) fail("did not come to an end");
  std::string text;
  std::rewind(out.get());
  std::array<char, 1 << 16> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), out.get()))
    text.append(buffer.data(), count);
  return text;
}

/// Calls visit(token) for every command, such as \frac or \,, and for every other character.
template <class Visit>
void for_each_token(std::string_view tex, Visit visit) {
  while (!tex.empty()) {
    std::size_t size = 1;
    if (tex[0] == '\\' && tex.size() > 1) {
      size = 2;
      while (is_letter(tex[1]) && size < tex.size() && is_letter(tex[size])) ++size;
    }
    visit(tex.substr(0, size));
    tex.remove_prefix(size);
  }
}

enum class Bar { opens, closes, between };

/// What the bars of a formula are, in their order. Those without a side open and close by turns if their number is even,
/// as in |x|; an odd one out is between, as in P(A|B).
std::vector<Bar> bars_of(std::string_view tex) {
  std::vector<Bar> bars;
  std::vector<std::size_t> without_side;
  std::string_view before;
  for_each_token(tex, [&](std::string_view token) {
    const bool sized_left = before == "\\bigl" || before == "\\Bigl" || before == "\\left";
    const bool sized_right = before == "\\bigr" || before == "\\Bigr" || before == "\\right";
    if (token == "\\lvert" || token == "\\lVert")
      bars.push_back(Bar::opens);
    else if (token == "\\rvert" || token == "\\rVert")
      bars.push_back(Bar::closes);
    else if (token == "\\mid")
      bars.push_back(Bar::between);
    else if (token == "|" || token == "\\|" || token == "\\vert" || token == "\\Vert") {
      if (!sized_left && !sized_right) without_side.push_back(bars.size());
      bars.push_back(sized_left ? Bar::opens : sized_right ? Bar::closes : Bar::between);
    }
    before = token;
  });
  for (std::size_t k = 0; without_side.size() % 2 == 0 && k < without_side.size(); ++k)
    bars[without_side[k]] = k % 2 == 0 ? Bar::opens : Bar::closes;
  return bars;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// The character of another alphabet for an ASCII letter or digit, by the offsets of Unicode and its exceptions.
std::string letter_of(std::string_view variant, char c) {
  struct Exception {
    char letter;
    const char* sign;
  };
  static constexpr Exception kScript[] = {{'B', "ℬ"}, {'E', "ℰ"}, {'F', "ℱ"}, {'H', "ℋ"}, {'I', "ℐ"}, {'L', "ℒ"},
                                          {'M', "ℳ"}, {'R', "ℛ"}, {'e', "ℯ"}, {'g', "ℊ"}, {'o', "ℴ"}};
  static constexpr Exception kDoubled[] = {{'C', "ℂ"}, {'H', "ℍ"}, {'N', "ℕ"}, {'P', "ℙ"},
                                           {'Q', "ℚ"}, {'R', "ℝ"}, {'Z', "ℤ"}};
  unsigned long upper = 0, digit = 0;
  if (variant == "script") {
    upper = 0x1D49C;
    for (const auto& [letter, sign] : kScript)
      if (letter == c) return sign;
  } else if (variant == "double-struck") {
    upper = 0x1D538, digit = 0x1D7D8;
    for (const auto& [letter, sign] : kDoubled)
      if (letter == c) return sign;
  } else if (variant == "bold") {
    upper = 0x1D400, digit = 0x1D7CE;
  } else {
    return {c};
  }
  unsigned long code = 0;
  if (c >= 'A' && c <= 'Z') code = upper + static_cast<unsigned long>(c - 'A');
  if (c >= 'a' && c <= 'z') code = upper + 26 + static_cast<unsigned long>(c - 'a');
  if (c >= '0' && c <= '9' && digit != 0) code = digit + static_cast<unsigned long>(c - '0');
  if (code == 0) return {c};
  const auto byte = [](unsigned long bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  return {byte(0xF0), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
}

std::string with_other_alphabets(const std::string& mathml) {
  static const std::regex variant("<(m[in]) mathvariant=\"(script|double-struck|bold)\">([A-Za-z0-9])<");
  std::string out;
  auto from = mathml.cbegin();
  for (std::sregex_iterator k(mathml.begin(), mathml.end(), variant), end; k != end; ++k) {
    out.append(from, (*k)[0].first);
    out += "<" + (*k)[1].str() + ">" + letter_of((*k)[2].str(), *(*k)[3].first) + "<";
    from = (*k)[0].second;
  }
  return out.append(from, mathml.cend());
}

/// ‖ and | with the spacing of brackets where they are brackets.
std::string with_sides(const std::string& mathml, const std::vector<Bar>& bars) {
  static const std::regex bar("<mo([^>]*)>(∥|\\|)</mo>");
  const std::sregex_iterator begin(mathml.begin(), mathml.end(), bar), end;
  const bool known = static_cast<std::size_t>(std::distance(begin, end)) == bars.size();
  std::string out;
  auto from = mathml.cbegin();
  std::size_t number = 0;
  for (auto k = begin; k != end; ++k, ++number) {
    out.append(from, (*k)[0].first);
    from = (*k)[0].second;
    const Bar side = known ? bars[number] : Bar::between;
    std::string attributes = (*k)[1].str();
    if (attributes.find("stretchy") == std::string::npos) attributes += " stretchy=\"false\"";
    if (side != Bar::between)
      attributes = fmt::format(" form=\"{}\"{}", side == Bar::opens ? "prefix" : "postfix", attributes);
    out += fmt::format("<mo{}>{}</mo>", attributes, (*k)[2].str() == "|" ? "|" : "‖");
  }
  return out.append(from, mathml.cend());
}

}  // namespace

std::string tex_for_blahtexml(std::string_view tex) {
  std::string out = "\\newcommand{\\tfrac}[2]{{\\textstyle\\frac{#1}{#2}}}";
  for_each_token(tex, [&](std::string_view token) {
    if (token == "\\thinspace")
      out += "\\,";
    else if (token == "\\gt")
      out += ">";
    else if (token == "\\lt")
      out += "<";
    else if (token == "\\cr")
      out += "\\\\";
    else if (token == "\n")
      out += ' ';
    else
      out += token;
  });
  return out;
}

std::string in_mathml_core(std::string mathml, std::string_view tex) {
  static const std::regex decimal("<mn>([0-9]+)</mn><mo>\\.</mo><mn>([0-9]+)</mn>");
  mathml = std::regex_replace(mathml, decimal, "<mn>$1.$2</mn>");
  mathml = with_sides(with_other_alphabets(mathml), bars_of(tex));
  mathml = replaced(replaced(std::move(mathml), ">〈<", ">⟨<"), ">〉<", ">⟩<");
  mathml = replaced(std::move(mathml), "<mo>-</mo>", "<mo>−</mo>");
  return replaced(std::move(mathml), " xmlns=\"http://www.w3.org/1998/Math/MathML\"", "");
}

void require_formula_converter() {
  if (const auto converted = mathml_of({{"x"}}); !converted.front()) fail("does not answer as expected");
}

std::vector<std::optional<std::string>> mathml_of(const std::vector<Formula>& formulas) {
  std::vector<std::optional<std::string>> converted(formulas.size());
  if (formulas.empty()) return converted;
  std::string input = "<r xmlns:b=\"http://gva.noekeon.org/blahtexml\">\n";
  for (const Formula& formula : formulas)
    input += fmt::format("<f b:{}=\"{}\"/>\n", formula.block ? "block" : "inline",
                         svg::escaped(tex_for_blahtexml(formula.tex)));
  const std::string output = output_of(
      {"--xmlin", "--mathml-nsprefix-none", "--mathml-encoding", "raw", "--spacing", "moderate"}, input + "</r>\n");
  std::size_t at = 0;
  for (std::size_t k = 0; k < formulas.size(); ++k) {
    at = output.find("<f", at);
    const auto end = output.find("</f>", at);
    if (at == std::string::npos || end == std::string::npos) fail("does not answer as expected");
    const auto math = output.find("<math", at), math_end = output.find("</math>", at);
    if (math < end && math_end < end)
      converted[k] = in_mathml_core(output.substr(math, math_end + 7 - math), formulas[k].tex);
    at = end;
  }
  return converted;
}

}  // namespace assay::html

#include "report/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>

#include "report/letter.hpp"

namespace assay {

namespace {

bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool all_of(std::string_view text, bool (*predicate)(char)) {
  return std::all_of(text.begin(), text.end(), predicate);
}

/// Commands that are spelled with signs, or whose name is not what they mean.
const std::map<std::string_view, std::string_view>& signs() {
  static const std::map<std::string_view, std::string_view> table{{"lVert", "|"},
                                                                  {"rVert", "|"},
                                                                  {"Vert", "|"},
                                                                  {"|", "|"},
                                                                  {"lvert", "|"},
                                                                  {"rvert", "|"},
                                                                  {"vert", "|"},
                                                                  {"mid", " | "},
                                                                  {"langle", "<"},
                                                                  {"rangle", ">"},
                                                                  {"lceil", "ceil("},
                                                                  {"rceil", ")"},
                                                                  {"lfloor", "floor("},
                                                                  {"rfloor", ")"},
                                                                  {"{", "{"},
                                                                  {"}", "}"},
                                                                  {"lbrace", "{"},
                                                                  {"rbrace", "}"},
                                                                  {"le", " <= "},
                                                                  {"leq", " <= "},
                                                                  {"ge", " >= "},
                                                                  {"geq", " >= "},
                                                                  {"lt", " < "},
                                                                  {"gt", " > "},
                                                                  {"ne", " != "},
                                                                  {"neq", " != "},
                                                                  {"approx", " ~ "},
                                                                  {"sim", " ~ "},
                                                                  {"equiv", " = "},
                                                                  {"ll", " << "},
                                                                  {"gg", " >> "},
                                                                  {"in", " in "},
                                                                  {"notin", " not in "},
                                                                  {"subset", " in "},
                                                                  {"to", " -> "},
                                                                  {"mapsto", " -> "},
                                                                  {"leftarrow", " <- "},
                                                                  {"gets", " <- "},
                                                                  {"Rightarrow", " => "},
                                                                  {"implies", " => "},
                                                                  {"iff", " <=> "},
                                                                  {"cdot", "*"},
                                                                  {"times", " x "},
                                                                  {"otimes", " (x) "},
                                                                  {"circ", " o "},
                                                                  {"pm", "+-"},
                                                                  {"mp", "-+"},
                                                                  {"colon", ":"},
                                                                  {"ast", "*"},
                                                                  {"star", "*"},
                                                                  {"prime", "'"},
                                                                  {"ldots", "..."},
                                                                  {"dots", "..."},
                                                                  {"cdots", "..."},
                                                                  {"succeq", " >= "},
                                                                  {"preceq", " <= "},
                                                                  {",", " "},
                                                                  {";", " "},
                                                                  {":", " "},
                                                                  {" ", " "},
                                                                  {"quad", " "},
                                                                  {"qquad", " "},
                                                                  {"thinspace", " "},
                                                                  {"\\", " "},
                                                                  {"cr", " "},
                                                                  {"!", ""},
                                                                  {"left", ""},
                                                                  {"right", ""},
                                                                  {"big", ""},
                                                                  {"Big", ""},
                                                                  {"bigl", ""},
                                                                  {"bigr", ""},
                                                                  {"Bigl", ""},
                                                                  {"Bigr", ""},
                                                                  {"bigg", ""},
                                                                  {"biggl", ""},
                                                                  {"biggr", ""},
                                                                  {"displaystyle", ""},
                                                                  {"textstyle", ""},
                                                                  {"limits", ""},
                                                                  {"rm", ""},
                                                                  {"%", "%"},
                                                                  {"_", "_"},
                                                                  {"&", "&"},
                                                                  {"#", "#"},
                                                                  {"$", "$"}};
  return table;
}

/// Commands that read best as a word other than their name.
const std::map<std::string_view, std::string_view>& words() {
  static const std::map<std::string_view, std::string_view> table{
      {"infty", "inf"},      {"ell", "l"},          {"top", "T"},           {"partial", "d"},
      {"nabla", "grad"},     {"forall", "for all"}, {"exists", "there is"}, {"varepsilon", "epsilon"},
      {"vartheta", "theta"}, {"varphi", "phi"},     {"angle", "angle"}};
  return table;
}

/// Accents, and what follows the letter that has one.
const std::map<std::string_view, std::string_view>& accents() {
  static const std::map<std::string_view, std::string_view> table{
      {"tilde", "~"}, {"widetilde", "~"}, {"hat", "_hat"}, {"widehat", "_hat"}, {"bar", "_bar"}, {"overline", "_bar"}};
  return table;
}

/// Commands that only change the typeface of their argument.
bool is_typeface(std::string_view name) {
  constexpr std::array<std::string_view, 9> names{"mathrm", "text",   "operatorname", "mathcal",   "mathbb",
                                                  "mathbf", "textbf", "mathsf",       "boldsymbol"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Converts one formula.
class TexReader {
 public:
  explicit TexReader(std::string_view tex, bool in_script = false) : rest_(tex), in_script_(in_script) {}

  std::string all() {
    while (!rest_.empty()) step();
    while (out_.ends_with(' ')) out_.pop_back();
    return out_;
  }

 private:
  void step();
  void command();
  void script(char mark);
  void fraction();
  std::string argument(bool in_script = false);
  std::string command_name();
  void put_sign(std::string_view text);
  void put_word(std::string_view text);
  void put_letter(char c);
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

  std::string_view rest_;
  std::string out_;
  bool in_script_;
  bool after_word_ = false;
};

/// Never two blanks in a row, none at the start.
void TexReader::put_sign(std::string_view text) {
  for (const char c : text)
    if (c != ' ' || (!out_.empty() && out_.back() != ' ')) out_ += c;
  after_word_ = false;
}

/// Words stand apart from letters, digits, words and closing brackets before them.
void TexReader::put_word(std::string_view text) {
  if (text.empty()) return;
  if (!out_.empty() && (is_alnum(out_.back()) || out_.back() == ')' || out_.back() == '~')) out_ += ' ';
  out_ += text;
  after_word_ = true;
}

void TexReader::put_letter(char c) {
  if (after_word_ && is_alnum(c) && !out_.empty() && out_.back() != ' ') out_ += ' ';
  out_ += c;
  after_word_ = false;
}

std::string TexReader::command_name() {
  rest_.remove_prefix(1);
  std::size_t length = 0;
  while (length < rest_.size() && is_letter(rest_[length])) ++length;
  length = std::min(std::max<std::size_t>(length, 1), rest_.size());
  const std::string name(rest_.substr(0, length));
  rest_.remove_prefix(length);
  return name;
}

/// The next group, command with its arguments, or character, converted.
std::string TexReader::argument(bool in_script) {
  skip_spaces();
  if (rest_.starts_with('{')) {
    int depth = 0;
    std::size_t end = 0;
    for (; end < rest_.size(); ++end) {
      if (rest_[end] == '\\')
        ++end;
      else if (rest_[end] == '{')
        ++depth;
      else if (rest_[end] == '}' && --depth == 0)
        break;
    }
    const std::string_view inside = rest_.substr(1, std::min(end, rest_.size()) - 1);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return TexReader(inside, in_script || in_script_).all();
  }
  std::string before;
  std::swap(before, out_);
  if (!rest_.empty()) step();
  std::swap(before, out_);
  return before;
}

/// x^2, x^-1, x^T, x_min, but x^(10B), q_(i,r).
void TexReader::script(char mark) {
  std::string inside = argument(true);
  std::string_view core = inside;
  if (core.starts_with('-')) core.remove_prefix(1);
  const bool one_token = core.size() <= 1 || all_of(core, is_letter) || (mark == '_' && all_of(core, is_alnum)) ||
                         core.find_first_not_of("0123456789.") == std::string_view::npos;
  out_ += mark;
  out_ += one_token ? inside : "(" + inside + ")";
  after_word_ = inside.size() > 1;
}

void TexReader::fraction() {
  const auto bracketed = [](const std::string& part, std::string_view loose) {
    return part.find_first_of(loose) == std::string::npos ? part : "(" + part + ")";
  };
  const std::string numerator = argument();
  skip_spaces();
  const std::string_view before = rest_;
  const std::string denominator = argument();
  std::string_view tex = before.substr(0, before.size() - rest_.size());
  if (tex.starts_with('{')) tex = tex.substr(1, tex.size() - 2);
  tex = tex.substr(0, tex.find_first_of("_^"));
  const bool is_one_factor = denominator.find(' ') == std::string::npos &&
                             (tex.size() == 1 || tex.find_first_not_of("0123456789") == std::string_view::npos ||
                              (tex.starts_with('\\') && all_of(tex.substr(1), is_letter)));
  put_word(bracketed(numerator, " +-/") + "/");
  out_ += is_one_factor ? denominator : "(" + denominator + ")";
  after_word_ = true;
}

void TexReader::command() {
  const std::string name = command_name();
  if (const auto sign = signs().find(name); sign != signs().end()) {
    put_sign(sign->second);
    if ((name == "left" || name == "right") && rest_.starts_with('.')) rest_.remove_prefix(1);
    if (is_letter(name[0])) skip_spaces();
    return;
  }
  if (const auto word = words().find(name); word != words().end()) return put_word(word->second);
  if (const auto accent = accents().find(name); accent != accents().end())
    return put_word(argument() + std::string(accent->second));
  if (is_typeface(name)) {
    const std::string inside = argument();
    return inside.size() == 1 ? put_letter(inside[0]) : put_word(inside);
  }
  if (name == "frac" || name == "tfrac" || name == "dfrac") return fraction();
  if (name == "sqrt") return put_word("sqrt(" + argument() + ")");
  if (name == "begin" || name == "end" || name == "tag" || name == "label") return static_cast<void>(argument());
  put_word(name);
}

void TexReader::step() {
  const char c = rest_.front();
  if (c == '\\') return command();
  rest_.remove_prefix(1);
  if (c == '^' || c == '_') return script(c);
  if (c == '{' || c == '}' || c == '&') return;
  if (c == ' ' || c == '\n' || c == '~') return put_sign(" ");
  if ((c == '<' || c == '=' || c == '>') && !in_script_) return put_sign(std::string{' ', c, ' '});
  put_letter(c);
}

/// Converts the Markdown around formulas.
class MarkdownReader {
 public:
  explicit MarkdownReader(std::string_view markdown) : rest_(markdown) {}

  std::string all() {
    while (!rest_.empty()) step();
    return out_;
  }

 private:
  void step();
  bool between(std::string_view mark, bool is_formula);
  bool link();
  bool heading();
  bool escaped();
  bool emphasis();

  std::string_view rest_;
  std::string out_;
  std::size_t open_stars_ = 0;
};

/// Takes what is enclosed in two marks.
bool MarkdownReader::between(std::string_view mark, bool is_formula) {
  if (!rest_.starts_with(mark)) return false;
  const auto end = rest_.find(mark, mark.size());
  if (end == std::string_view::npos) return false;
  const std::string_view inside = rest_.substr(mark.size(), end - mark.size());
  out_ += is_formula ? TexReader(inside).all() : std::string(inside);
  rest_.remove_prefix(end + mark.size());
  return true;
}

bool MarkdownReader::link() {
  if (!rest_.starts_with('[')) return false;
  const auto middle = rest_.find("](");
  if (middle == std::string_view::npos || rest_.find('\n') < middle) return false;
  const auto end = rest_.find(')', middle);
  if (end == std::string_view::npos) return false;
  out_ += plain_text(rest_.substr(1, middle - 1));
  rest_.remove_prefix(end + 1);
  return true;
}

bool MarkdownReader::heading() {
  if (!rest_.starts_with('#') || (!out_.empty() && out_.back() != '\n')) return false;
  rest_.remove_prefix(std::min(rest_.find_first_not_of("# "), rest_.size()));
  return true;
}

bool MarkdownReader::escaped() {
  if (!rest_.starts_with('\\') || rest_.size() < 2 || !std::ispunct(static_cast<unsigned char>(rest_[1]))) return false;
  out_ += rest_[1];
  rest_.remove_prefix(2);
  return true;
}

/// Drops the stars of *emphasis* and **strong emphasis**; keeps those of lists and products.
bool MarkdownReader::emphasis() {
  if (!rest_.starts_with('*')) return false;
  const std::size_t count = rest_.starts_with("**") ? 2 : 1;
  const bool after_text = !out_.empty() && !std::isspace(static_cast<unsigned char>(out_.back()));
  const bool before_text = rest_.size() > count && !std::isspace(static_cast<unsigned char>(rest_[count]));
  const bool closed_later = rest_.substr(0, rest_.find("\n\n")).find('*', count) != std::string_view::npos;
  const bool opens = !after_text && before_text && closed_later, closes = after_text && open_stars_ >= count;
  if (!opens && !closes) return false;
  open_stars_ = opens ? open_stars_ + count : open_stars_ - count;
  rest_.remove_prefix(count);
  return true;
}

void MarkdownReader::step() {
  if (between("```", false) || between("`", false) || between("$$", true) || between("$", true)) return;
  if (heading() || link() || escaped() || emphasis()) return;
  out_ += rest_.front();
  rest_.remove_prefix(1);
}

}  // namespace

std::string plain_text(std::string_view markdown) {
  return MarkdownReader(markdown).all();
}

}  // namespace assay

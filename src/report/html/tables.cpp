#include "report/html/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace assay::html {

namespace {

/// mantissa 10^exponent, normalized so that 1 <= |mantissa| < 10.
SortKey normalized_key(double mantissa, double exponent) {
  if (!(std::fabs(mantissa) > 0)) return {0, 0, 0};
  const double sign = mantissa < 0 ? -1 : 1, shift = std::floor(std::log10(std::fabs(mantissa)));
  return {sign, sign * (exponent + shift), mantissa / std::pow(10, shift)};
}

/// What may stand before the number of a cell.
bool is_introduction(std::string_view text) {
  constexpr std::size_t kMostLetters = 40;
  return text.size() <= kMostLetters && text.find('$') == std::string_view::npos;
}

std::string with_ascii_minus(std::string_view text) {
  return std::regex_replace(std::string(text), std::regex("−"), "-");
}

}  // namespace

std::optional<SortKey> sort_key(std::string_view cell) {
  static const std::regex number(
      R"((^|[^A-Za-z0-9_.])(?:([-+]?)10\^([-+]?[0-9]+(?:\.[0-9]+)?)|([-+]?[0-9]+(?:\.[0-9]+)?)(?:[eE]([-+]?[0-9]+))?))");
  const std::string text = with_ascii_minus(cell);
  const auto unbounded = std::min(text.find("unbounded"), text.find("any factor"));
  std::smatch match;
  const bool found = std::regex_search(text, match, number);
  const auto at = found ? static_cast<std::size_t>(match.position()) : std::string::npos;
  if (unbounded < at && is_introduction(text.substr(0, unbounded))) return SortKey{1, INFINITY, 1};
  if (!found || !is_introduction(text.substr(0, at))) return std::nullopt;
  if (match[3].matched) {  // a power of ten, perhaps with decimals in the exponent
    const double exponent = std::stod(match[3]), whole = std::floor(exponent);
    return normalized_key((match[2] == "-" ? -1 : 1) * std::pow(10, exponent - whole), whole);
  }
  return normalized_key(std::stod(match[4]), match[5].matched ? std::stod(match[5]) : 0);
}

std::optional<Verdict> verdict_of(std::string_view cell) {
  constexpr std::size_t kMostLetters = 60;
  if (cell.size() > kMostLetters || cell.find('$') != std::string_view::npos) return std::nullopt;
  const auto has = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      const auto at = cell.find(word);
      return at != std::string_view::npos && (at == 0 || cell[at - 1] == ' ') &&
             (at + word.size() == cell.size() ||
              std::string_view(" ,;:(").find(cell[at + word.size()]) != std::string_view::npos);
    });
  };
  if (cell.starts_with("✗") || has({"fails", "fail", "false"})) return Verdict::fails;
  if (cell == "?" || has({"undecided", "inconclusive"})) return Verdict::undecided;
  if (cell.starts_with("✓") || has({"holds", "true", "passes", "pass"})) return Verdict::holds;
  if (cell == "–" || has({"not applicable", "does not apply"})) return Verdict::not_applicable;
  return std::nullopt;
}

namespace {

constexpr std::string_view kVerdictNames[] = {"holds", "fails", "undecided", "not-applicable"};

std::string_view name_of_class(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return kVerdictNames[0];
    case Verdict::fails:
      return kVerdictNames[1];
    case Verdict::undecided:
      return kVerdictNames[2];
    case Verdict::not_applicable:
      break;
  }
  return kVerdictNames[3];
}

/// What is worst comes first.
int rank_of(Verdict verdict) {
  return verdict == Verdict::fails ? 0 : verdict == Verdict::undecided ? 1 : verdict == Verdict::holds ? 2 : 3;
}

void prepare_cell(Element& cell) {
  const std::string text = text_of(cell);
  const auto key = sort_key(text);
  const auto verdict = verdict_of(text);
  if (verdict) cell.set("data-verdict", std::string(name_of_class(*verdict)));
  if (key) {
    const auto written_key = [](double part) {
      return std::isfinite(part) ? fmt::format("{:.15g}", part) : "Infinity";
    };
    const std::string numbers =
        fmt::format("{} {} {}", written_key((*key)[0]), written_key((*key)[1]), written_key((*key)[2]));
    cell.set("data-key", verdict ? fmt::format("{} {}", rank_of(*verdict), numbers) : numbers);
  } else if (verdict) {
    cell.set("data-key", fmt::format("{}", rank_of(*verdict)));
  }
}

/// A column whose cells are texts now and then is one of texts.
void drop_keys_of_texts(Element& table) {
  std::vector<std::size_t> texts;
  for_each(table, [&](Element& row) {
    if (!row.is("tr")) return;
    texts.resize(std::max(texts.size(), row.children.size()));
    for (std::size_t k = 0; k < row.children.size(); ++k) {
      const Element& cell = row.children[k];
      const std::string text = text_of(cell);
      if (cell.is("td") && cell.attribute("data-key").empty() && !text.empty() && text != "—" && text != "–")
        ++texts[k];
    }
  });
  for_each(table, [&](Element& row) {
    if (!row.is("tr")) return;
    for (std::size_t k = 0; k < row.children.size(); ++k) {
      auto& attributes = row.children[k].attributes;
      if (texts[k] > 0) std::erase_if(attributes, [](const auto& each) { return each.first == "data-key"; });
    }
  });
}

/// Few columns with long texts: on a phone each row is a block of its own.
bool is_of_texts(Element& table) {
  constexpr std::size_t kFewColumns = 5, kLongText = 50;
  bool few = true, any_long = false;
  for_each(table, [&](Element& each) {
    if (each.is("tr")) few = few && each.children.size() <= kFewColumns;
    if (each.is("td")) any_long = any_long || text_of(each).size() > kLongText;
  });
  return few && any_long;
}

}  // namespace

void prepare_tables(Element& root) {
  for (Element& child : root.children) {
    prepare_tables(child);
    if (!child.is("table")) continue;
    for_each(child, [](Element& each) {
      if (each.is("td")) prepare_cell(each);
    });
    drop_keys_of_texts(child);
    if (is_of_texts(child)) child.set("class", "texts");
    Element box{Element::Kind::element, "div"};
    box.set("class", "table");
    box.set("tabindex", "0");
    box.children.push_back(std::move(child));
    child = std::move(box);
  }
}

}  // namespace assay::html

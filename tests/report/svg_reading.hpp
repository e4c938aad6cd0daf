#pragma once

#include <regex>
#include <string>
#include <vector>

namespace assay {

/// Empty if every tag is closed in order, every attribute quoted and every & an entity; else what is wrong.
inline std::string trouble_in_xml(const std::string& xml) {
  static const std::regex tag(R"(<(/?)([a-zA-Z][a-zA-Z0-9]*)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(/?)>)");
  static const std::regex entity("^&(amp|lt|gt|quot);");
  std::vector<std::string> open;
  for (auto at = xml.find_first_of("<>&"); at != std::string::npos; at = xml.find_first_of("<>&", at)) {
    std::smatch match;
    const auto from = xml.begin() + static_cast<std::ptrdiff_t>(at);
    if (xml[at] == '>') return "stray >";
    if (!std::regex_search(from, xml.end(), match, xml[at] == '&' ? entity : tag,
                           std::regex_constants::match_continuous))
      return "not XML: " + xml.substr(at, 60);
    at += static_cast<std::size_t>(match.length());
    if (match.size() < 5) continue;
    if (match[1].length() > 0) {
      if (open.empty() || open.back() != match[2]) return "unexpected </" + match[2].str();
      open.pop_back();
    } else if (match[4].length() == 0) {
      open.push_back(match[2]);
    }
  }
  return open.empty() ? "" : "unclosed " + open.back();
}

/// Numbers that stand in the given attribute, in the order of the file.
inline std::vector<double> numbers(const std::string& svg, const std::string& pattern) {
  std::vector<double> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator k(svg.begin(), svg.end(), expression), end; k != end; ++k)
    found.push_back(std::stod((*k)[1]));
  return found;
}

}  // namespace assay

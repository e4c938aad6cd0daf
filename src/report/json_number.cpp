#include "report/json_number.hpp"

#include <cmath>
#include <limits>

namespace assay {

std::optional<Interval> logarithm_beyond_double(const Interval& a) {
  if (!certainly_positive(a)) return std::nullopt;
  const auto is_inside = [](const Interval& end) {
    return end.lower_double() >= std::numeric_limits<double>::min() && std::isfinite(end.upper_double());
  };
  const bool inside = is_inside(a.lower()) && (is_inside(a.upper()) || !a.upper().is_finite());
  return inside ? std::nullopt : std::optional(log10(a));
}

Json json_of(const Interval& a, const DecimalEnds& ends) {
  Json json{{"lo", ends.lo}, {"hi", ends.hi}};
  if (const auto log = logarithm_beyond_double(a)) {
    const DecimalEnds of_log = decimal_ends(*log);
    json["log10"] = {{"lo", of_log.lo}, {"hi", of_log.hi}};
  }
  return json;
}

Json json_of(const Interval& a) {
  return json_of(a, decimal_ends(a));
}

Json json_of(const Known& known, const DecimalEnds& ends) {
  Json json = json_of(known.range(), ends);
  json["sense"] = name_of(known.sense());
  if (!known.is_defined()) json["not_applicable"] = known.because();
  return json;
}

Json json_of(const Known& known) {
  return json_of(known, decimal_ends(known.range()));
}

Json json_of(const BoundsElasticity& elasticity) {
  Json json = json_of(elasticity.value);
  json["at_kink"] = elasticity.at_kink;
  return json;
}

Json constants_json(const std::vector<std::pair<std::string, Constant>>& constants) {
  Json result = Json::object();
  for (const auto& [key, constant] : constants)
    result[key] = {{"value", constant.value.text()}, {"provenance", name_of(constant.provenance)}};
  return result;
}

Json texts_json(const std::vector<std::pair<std::string, std::string>>& texts) {
  Json result = Json::object();
  for (const auto& [name, text] : texts) result[name] = text;
  return result;
}

std::string written(const Json& json, bool brief) {
  return json.dump(brief ? -1 : 2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace assay

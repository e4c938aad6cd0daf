#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "enclosure/decimal.hpp"
#include "enclosure/known.hpp"
#include "report/reports.hpp"

// How numbers, texts and constants stand in every JSON that is written here.

namespace assay {

using Json = nlohmann::ordered_json;

/// {"lo", "hi"}, decimals rounded outward, and "log10" with its own ends where one of them leaves the range of double.
Json json_of(const Interval& a, const DecimalEnds& ends);
Json json_of(const Interval& a);
/// The same with "sense", and "not_applicable" with the reason where there is no number.
Json json_of(const Known& known, const DecimalEnds& ends);
Json json_of(const Known& known);

/// The enclosure, and whether it is at a kink.
Json json_of(const BoundsElasticity& elasticity);

/// Objects of named texts, and of constants with their provenance.
Json texts_json(const std::vector<std::pair<std::string, std::string>>& texts);
Json constants_json(const std::vector<std::pair<std::string, Constant>>& constants);

/// log10 of a positive number, if an end that is known lies outside the range of double.
std::optional<Interval> logarithm_beyond_double(const Interval& a);

/// The file: bytes that are no UTF-8 (a file name may have some) are replaced, better than no report.
std::string written(const Json& json, bool brief = false);

}  // namespace assay

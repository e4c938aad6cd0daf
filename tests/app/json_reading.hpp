#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "enclosure/decimal.hpp"
#include "run_program.hpp"

namespace assay {

/// {"lo", "hi"} as an interval; 3000 bits keep what was printed.
inline Interval enclosure(const nlohmann::json& ends, Bits bits = 3000) {
  return from_decimal_ends(ends.at("lo").get<std::string>(), ends.at("hi").get<std::string>(), bits);
}

inline nlohmann::json json_file(const Scratch& scratch, const std::string& name) {
  return nlohmann::json::parse(contents(scratch.path(name)));
}

}  // namespace assay

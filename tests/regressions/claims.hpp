#pragma once

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "setting/setting.hpp"
#include "theory/theorem.hpp"

namespace assay {

inline Finding found(const char* theorem, const Setting& setting,
                     const Precision& precision = CheckOptions{}.precision) {
  CheckOptions options;
  options.precision = precision;
  return check(theorem_of(theorem), setting, setting.constants(), options);
}

inline const Claim& claim_of(const Finding& finding, const std::string& id) {
  for (const auto* claims : {&finding.hypotheses, &finding.claims, &finding.remarks})
    for (const Claim& claim : *claims)
      if (claim.id == id) return claim;
  throw std::logic_error("no claim " + id);
}

inline const Known& quantity_of(const Finding& finding, const std::string& name) {
  for (const NamedQuantity& quantity : finding.quantities)
    if (quantity.name == name) return quantity.value;
  throw std::logic_error("no quantity " + name);
}

inline bool contains(const Known& known, double x) {
  return known.range().contains(x);
}

}  // namespace assay

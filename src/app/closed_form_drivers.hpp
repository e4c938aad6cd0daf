#pragma once

#include <string>

#include "app/closed_form_inputs.hpp"

namespace assay::app {

/// What drives a bound.
struct Driver {
  std::string what;  ///< the factor or the term alone, Markdown
  std::string text;  ///< the same with numbers
};

/// All closed forms at one precision.
struct AtBits {
  AtBits(const ClosedFormInputs& given, Bits precision)
      : bits(precision),
        constants(given.constants),
        in(given.bound_inputs(precision)),
        score_in(given.score_inputs(precision)),
        forms(constants, in, precision) {}

  Bits bits;
  const Constants& constants;
  BoundInputs in;
  ScoreInputs score_in;
  ClosedForms forms;

  Interval constant(const char* key) const { return constants.at(key, bits); }
  std::string text(const char* key) const { return constants[key].value.text(); }
  Interval samples() const { return in.n * in.d; }
  Interval exp_of_b(const char* key) const { return exp(constant(key) * forms.logit_bound()); }
  std::string exp_label(const char* key) const { return "$e^{" + text(key) + "B}$"; }
  ScoreBound score() const { return score_bound(constants, score_in, bits); }
};

// What drives a bound, in Markdown: of a product the factor that is farthest from 1, of a sum the largest term. Words
// for people, from the middles of enclosures.
Driver logit_bound_driver(const AtBits& at);
Driver width_driver(const AtBits& at);
Driver step_driver(const AtBits& at);
Driver horizon_driver(const AtBits& at);
Driver movement_driver(const AtBits& at);
Driver change_driver(const AtBits& at);
Driver convex_driver(const AtBits& at);
Driver break_driver(const AtBits& at);
Driver gamma_driver(const AtBits& at);
Driver regularity_driver(const AtBits& at);
Driver score_driver(const AtBits& at);

}  // namespace assay::app

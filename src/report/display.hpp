#pragma once

#include <string>

#include "enclosure/interval.hpp"
#include "theory/claim.hpp"

namespace assay {

/// An enclosure for people: a set that contains it, in few digits.
///
///   "4", "0.25"                   this very number: a point with a short decimal expansion
///   "0.005 ± 4e-22"               centre and radius, if a short decimal lies that close
///   "[0.088227, 0.0882271]"       ends rounded outward; "inf" and "-inf" for an end that is not known
///   "[2.68734e-07, 2.68735e-07]"  the same, where the exponent of an end is not in -4..5
///   "unknown"                     the whole line
///
/// @param digits  significant digits of an end, at least 1.
std::string display(const Interval& a, int digits = 6);

/// What is known of a number: an enclosure as above; "≤ 1.25" and "≥ 0.3" for a bound from one side, rounded so that it
/// stays true; "unknown"; "not defined".
std::string display(const Known& known, int digits = 6);

/// Both sides of a claim, in as many digits as it takes to repeat a verdict of `holds` or `fails` from what is printed.
struct DisplayedSides {
  std::string lhs, rhs;
  std::string words = {};  ///< shown in place of the comparison, where its numbers would say less; else empty
};
DisplayedSides display_sides(const Claim& claim);

/// The power of ten that a positive number is: "10^95.61", the exponent rounded to 2 decimals if its enclosure decides
/// them, else the range "10^95.60 to 10^95.64", rounded outward; "at most 10^-3.00" if 0 is not excluded, "at least
/// 10^2.00" if the upper end is not known, "—" if nothing like that is true.
std::string display_power_of_ten(const Interval& a);

/// A claim's slack_log10, rounded towards failing: "10^+220.1", "10^-0.3"; "unbounded" and "-unbounded" beyond
/// kUnboundedSlack; "—" for 0, which stands for a slack without meaning.
std::string display_slack(double slack_log10);

}  // namespace assay

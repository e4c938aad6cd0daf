#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "report/html/element.hpp"
#include "theory/claim.hpp"

namespace assay::html {

/// A number by which rows are sorted: sign, then sign times the decimal exponent, then the signed mantissa; compared in
/// this order, so that 10^88 stands beyond 5e+87 and numbers outside double are sorted, too.
using SortKey = std::array<double, 3>;

/// The first number of a cell, if it begins with one: "1.5e-3", "≤ 0.147", "[lo, hi]" (by lo), "✓ 10^89", "10^+0.3",
/// "off by a factor of 2.3"; "unbounded" and "any factor" are beyond all numbers, and 0 is 0.
std::optional<SortKey> sort_key(std::string_view cell);

/// The worst verdict that a cell of a few words tells: "holds (vacuous)", "true on 7, undecided on 2", "✗ 10^8".
std::optional<Verdict> verdict_of(std::string_view cell);

/// Makes the tables below `root` fit for sorting and filtering: cells know their key and their verdict, and each table
/// is in a box that scrolls by itself.
void prepare_tables(Element& root);

}  // namespace assay::html

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::html {

struct Formula {
  std::string tex;     ///< without dollars
  bool block = false;  ///< on its own lines

  friend auto operator<=>(const Formula&, const Formula&) = default;
};

/// Whether the program that converts formulas can be run. @throws InputError that names the package to install.
void require_formula_converter();

/// Formulas as MathML, all in one run of blahtexml; nullopt for what it does not understand.
/// @throws InputError if it cannot be run.
std::vector<std::optional<std::string>> mathml_of(const std::vector<Formula>& formulas);

/// TeX as blahtexml understands it: commands that it does not know, by others.
std::string tex_for_blahtexml(std::string_view tex);

/// What blahtexml writes, in the terms of MathML Core, which browsers draw: bars know whether they open or close,
/// decimals are one number, letters of other alphabets are characters of their own, minus and angle brackets are those
/// of mathematics.
/// @param tex  what it was made from: says which bars open.
std::string in_mathml_core(std::string mathml, std::string_view tex);

}  // namespace assay::html

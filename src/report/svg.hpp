#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What the pictures of the reports have in common. Lengths are pixels, y grows downwards; texts are plain.
namespace assay::svg {

constexpr double kWidth = 760, kMargin = 16, kTextSize = 12;
/// Wider than most sans-serif letters are on average, so that texts never meet.
constexpr double kLetter = 6.8;

/// Colours that are told apart without red and green (Okabe and Ito, 2008).
constexpr std::array<std::string_view, 6> kColours{"#0072B2", "#D55E00", "#009E73", "#AA4499", "#000000", "#B07A00"};
constexpr std::string_view colour_of(std::size_t role) {
  return kColours[role % kColours.size()];
}

/// Characters of a UTF-8 text.
double letters(std::string_view text);
/// At most `count` letters, cut between characters of UTF-8.
std::string shortened(std::string_view text, double count);
/// The text as XML has to have it; control characters become blanks, for XML knows none.
std::string escaped(std::string_view text);

/// @param anchor  "start", "middle" or "end"
/// @param more    attributes, each after a blank
std::string text_at(double x, double y, std::string_view anchor, std::string_view text, std::string_view more = "");
/// mantissa·10^exponent, or a power of ten alone where the mantissa is empty or only a sign.
std::string power_at(double x, double y, std::string_view anchor, std::string_view mantissa, double exponent);
std::string line(double x1, double y1, double x2, double y2, std::string_view colour, double thickness);
/// A mark in the role's colour, and in its shape: one of four.
std::string marker(double x, double y, std::size_t role);

/// Texts side by side with their swatches, as many in a line as fit. Moves y to the line below the last one.
/// @param swatch  draws what stands left of text k, in a box of `swatch_width` that starts at (x, y)
std::string legend(const std::vector<std::string>& texts, double swatch_width, double& y,
                   const std::function<std::string(double x, double y, std::size_t k)>& swatch);

/// A file: white ground, so that it can be read on dark pages too, then the body.
/// @param description  for readers who do not see the picture; may be empty
std::string document(double height, std::string_view title, std::string_view description, std::string_view body);

}  // namespace assay::svg

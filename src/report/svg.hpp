#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// What the pictures of the reports have in common. Lengths are pixels, y grows downwards; texts are plain.
namespace assay::svg {

/// As wide as a large phone, so that no text is smaller than ten pixels on a small one.
constexpr double kWidth = 460, kMargin = 14, kTextSize = 14, kTitleSize = 16, kExponentSize = 13;
/// Wider than most sans-serif letters are on average, so that texts never meet.
constexpr double kLetter = 7.8, kTitleLetter = 9.6;
constexpr double kLettersInLine = (kWidth - 2 * kMargin) / kLetter;
/// From one line of text to the next.
constexpr double kLine = 20;

/// Colours that are told apart without red and green (Okabe and Ito, 2008). On dark pages others take their places, see
/// `document`.
constexpr std::array<std::string_view, 6> kColours{"#0072B2", "#D55E00", "#009E73", "#AA4499", "#000000", "#B07A00"};
constexpr std::string_view colour_of(std::size_t role) {
  return kColours[role % kColours.size()];
}
constexpr std::string_view kInk = "#222222", kPaper = "#FFFFFF", kGrid = "#DDDDDD", kFrame = "#444444",
                           kShade = "#EEF3F8";

/// Characters of a UTF-8 text.
double letters(std::string_view text);
/// At most `count` letters, cut between characters of UTF-8.
std::string shortened(std::string_view text, double count);
/// The text in lines of at most `count` letters, broken at blanks; a longer word is cut, and so is what does not fit
/// into `most` lines.
std::vector<std::string> lines_of(std::string_view text, double count, std::size_t most);
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

/// Lines of text below y, which moves to the line after the last one.
std::string paragraph(const std::vector<std::string>& lines, double& y, std::string_view more);
/// The title of a picture, at its top; y is moved as by `paragraph`.
std::string title(std::string_view text, double& y);
/// Remarks at the bottom, in italics; y likewise.
std::string remarks(const std::vector<std::string>& texts, double& y);
/// Texts side by side with their swatches, as many in a line as fit. Moves y to the line below the last one.
/// @param swatch  draws what stands left of text k, in a box of `swatch_width` that starts at (x, y)
std::string legend(const std::vector<std::string>& texts, double swatch_width, double& y,
                   const std::function<std::string(double x, double y, std::size_t k)>& swatch);

/// A file: its ground, then the body. Where the reader prefers dark pages, ground, ink and colours are others.
/// @param description  for readers who do not see the picture; may be empty
std::string document(double height, std::string_view title, std::string_view description, std::string_view body);

}  // namespace assay::svg

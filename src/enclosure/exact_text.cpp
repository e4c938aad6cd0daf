#include "enclosure/exact_text.hpp"

#include <locale>
#include <sstream>
#include <stdexcept>

#include "enclosure/mpfr_text.hpp"

namespace assay {

namespace {

/// Whether all of the text is a number that fits exactly.
bool reads_exactly(const std::string& text, mpfr_ptr x) {
  char* end = nullptr;
  return mpfr_strtofr(x, text.c_str(), &end, 0, MPFR_RNDN) == 0 && *end == '\0' && end != text.c_str() &&
         !mpfr_nan_p(x);
}

}  // namespace

std::string exact_text(const Interval& a) {
  return std::to_string(a.bits()) + " " + mpfr_text("%Ra", &a.mpfi()->left) + " " + mpfr_text("%Ra", &a.mpfi()->right);
}

Interval from_exact_text(const std::string& text, Bits most_bits) {
  std::istringstream words(text);
  words.imbue(std::locale::classic());
  Bits bits = 0;
  std::string lo, hi, more;
  if (words >> bits >> lo >> hi && !(words >> more) && bits >= MPFR_PREC_MIN && bits <= most_bits) {
    Interval result = Interval::uninitialised(bits);
    mpfi_ptr ends = result.mpfi();
    if (reads_exactly(lo, &ends->left) && reads_exactly(hi, &ends->right) &&
        mpfr_lessequal_p(&ends->left, &ends->right))
      return result;
  }
  throw std::invalid_argument("from_exact_text: expected the text of an interval, found '" + text + "'");
}

}  // namespace assay

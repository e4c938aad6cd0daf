#include "enclosure/exact_text.hpp"

#include <new>
#include <sstream>
#include <stdexcept>

namespace assay {

namespace {

std::string hexadecimal(mpfr_srcptr x) {
  char* text = nullptr;
  if (mpfr_asprintf(&text, "%Ra", x) < 0) throw std::bad_alloc();
  std::string result = text;
  mpfr_free_str(text);
  return result;
}

/// Whether all of the text is a number that fits exactly.
bool reads_exactly(const std::string& text, mpfr_ptr x) {
  char* end = nullptr;
  return mpfr_strtofr(x, text.c_str(), &end, 0, MPFR_RNDN) == 0 && *end == '\0' && end != text.c_str() &&
         !mpfr_nan_p(x);
}

}  // namespace

std::string exact_text(const Interval& a) {
  return std::to_string(a.bits()) + " " + hexadecimal(&a.mpfi()->left) + " " + hexadecimal(&a.mpfi()->right);
}

Interval from_exact_text(const std::string& text, Bits most_bits) {
  std::istringstream words(text);
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

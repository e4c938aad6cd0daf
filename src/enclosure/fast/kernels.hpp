#pragma once

#include <cstddef>

/// Loops over doubles for the fast tier, compiled once for each instruction set and chosen when the program starts.
///
/// Round to nearest; the compiler may fuse a product and a sum, and sums run in any order: every bound below allows
/// both. u = 2^-53, gamma_k = k u / (1 - k u).
namespace assay::fast {

enum class InstructionSet { portable, avx2, avx512 };

/// The best one that this processor has, unless another was chosen.
InstructionSet instruction_set();
/// For tests and benchmarks. @throws std::invalid_argument if this processor does not have it.
void choose_instruction_set(InstructionSet set);
bool is_available(InstructionSet set);

/// y[c] near exp(z[c]) 2^-shift:  |y - exp(z) 2^-shift| <= kExpError exp(z) 2^-shift + kExpUnderflow.
///
/// exp(z) = 2^k exp(r), k = nearest integer to z / log 2, r = (z - k L1) - k L2 with L1 + L2 = log 2 (1 + tiny) and
/// k L1 exact; exp(r) by its Taylor polynomial of degree 13. Truncation 0.3467^14/14! < 2^-57, reduction < 0.26 u,
/// rounding of Horner's rule < 2.3 u; together < 4 u. tests/enclosure/exp.gappa proves
/// the rounding of Horner's rule, fused or not; truncation and reduction are the two numbers above.
/// @param z      |z[c]| <= kExpLargestArgument.
/// @param shift  |shift| <= kExpLargestShift; the result must stay below 2^1023.
void scaled_exp(const double* z, double* y, std::size_t count, long shift);
inline constexpr double kExpError = 0x1p-51;
inline constexpr double kExpUnderflow = 0x1p-1021;
inline constexpr double kExpLargestArgument = 0x1p20;
inline constexpr long kExpLargestShift = 1L << 21;

/// c[i ldc + j] = sum_k a[i lda + k] b[j ldb + k], i < rows_a, j < rows_b, k < count. The error is at most
/// gamma_count sum_k |a b|, if no product underflows.
void products_of_rows(const double* a, std::size_t lda, std::size_t rows_a, const double* b, std::size_t ldb,
                      std::size_t rows_b, std::size_t count, double* c, std::size_t ldc);

/// c[j ldc + i] -= sum_{p < count, k < terms} x[p step_x + k ld + j] w[p step_w + k ld + i], i < rows, j < columns.
/// Integers stay exact, in any order and fused or not, while the sum of magnitudes is at most 2^53.
struct ProductPairs {
  const double *x, *w;
  std::size_t ld;
  std::ptrdiff_t step_x, step_w;
  std::size_t count, terms;
};
/// @param rows  a multiple of kRowsTogether.
void subtract_products(const ProductPairs& pairs, std::size_t rows, std::size_t columns, double* c, std::size_t ldc);
inline constexpr std::size_t kRowsTogether = 8;

/// Numbers sum_p digits[p stride + i] R^-p, R = kDigitRadix, p < planes, i < count, in digits that are integers with
/// |digit| <= 2^52: carries from plane to plane, exactly, until all but those of plane 0 are at most R / 2.
/// @param count  a multiple of kRowsTogether.
void carry(double* digits, std::size_t stride, std::size_t planes, std::size_t count);
inline constexpr double kDigitRadix = 0x1p22;

/// z[c] = sum_k x[k] w[k ldw + c], k < terms, c < count. Error as above with gamma_terms.
void combine_rows(const double* x, std::size_t terms, const double* w, std::size_t ldw, std::size_t count, double* z);

/// sum of y[c]; error at most gamma_{count-1} sum |y|.
double sum(const double* y, std::size_t count);

/// Least and largest y[c], c < count, count >= 1; no entry may be NaN.
struct Extremes {
  double least, most;
};
Extremes extremes(const double* y, std::size_t count);

}  // namespace assay::fast

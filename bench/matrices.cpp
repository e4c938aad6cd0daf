#include <algorithm>
#include <memory>
#include <stdexcept>

#include "cases.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "plain.hpp"
#ifdef ASSAY_BENCH_ARB
#include "arb.hpp"
#endif

namespace bench {

namespace {

using assay::Bits;
using assay::Index;
using assay::Interval;
using assay::IntervalMatrix;

#ifdef ASSAY_BENCH_ARB
IntervalMatrix exact(const assay::RealMatrix& a) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), 53);
  return result;
}
#endif

IntervalMatrix rounded(const IntervalMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = a(i, j).rounded_to(bits);
  return result;
}

/// One smooth kernel: K_inf of 256 points on the sphere in 4 dimensions, at a scale that gives the wanted eigenvalue.
void compare_smooth_kernel(double sigma, const std::string& about, Report& report) {
  assay::InstanceRequest request;
  request.n = 256;
  request.d_in = 4;
  request.d = 1;
  request.m = 2;
  request.sigma = 1;
  request.seed = 1;
  const assay::Instance instance = assay::make_instance(request);
  constexpr Bits kReference = 1024;
  const IntervalMatrix reference =
      assay::limit_kernel(assay::input_gram(instance.x, kReference), Interval(sigma, kReference));

  static constexpr double kWidth = 1e-2;
  const auto enclose = [](const IntervalMatrix& a, Bits bits) { return assay::enclose_lambda_min(a, kWidth, bits); };
  Bits bits = 64;
  IntervalMatrix input = rounded(reference, bits);
  Interval lambda = enclose(input, bits);
  while (!(lambda.lower_double() > 0 && lambda.relative_width() <= kWidth)) {
    if ((bits *= 2) > 1024) throw std::runtime_error("bench: the smooth kernel is out of reach");
    input = rounded(reference, bits);
    lambda = enclose(input, bits);
  }
  Comparison comparison("Least eigenvalue of a smooth kernel, about " + about,
                        "K_inf of 256 points on the sphere in 4 dimensions, sigma = " + number_text(sigma) +
                            ": entries are intervals of the precision that is worked in (made outside the time), the "
                            "same for all. assay: the least of 64, 128, 256, ... bits with a relative width of at "
                            "most 0.01. Arb: the least multiple of 32 bits at which the factorisation of A - 0.99 "
                            "lambda_min I runs through; only that one factorisation is timed, its shift given, while "
                            "assay finds its own.");
  const std::string ours = "assay, certified, " + std::to_string(bits) + " bits";
  comparison.add(ours, 5, [&] {
    const Interval value = enclose(input, bits);
    return "[" + number_text(value.lower_double(), "%.6g") + ", " + number_text(value.upper_double(), "%.6g") + "]";
  });
#ifdef ASSAY_BENCH_ARB
  const double shift = 0.99 * lambda.approx_double();
  std::vector<std::unique_ptr<arb::Matrix>> matrices;
  std::vector<std::string> names;
  for (const auto& [factorisation, label] :
       {std::pair{arb::Factorisation::cholesky, "arb_mat_cho"}, std::pair{arb::Factorisation::ldl, "arb_mat_ldl"}}) {
    Bits needed = 32;
    while (true) {
      auto matrix = std::make_unique<arb::Matrix>(rounded(reference, needed), needed);
      if (matrix->certifies(shift, needed, factorisation)) {
        matrices.push_back(std::move(matrix));
        break;
      }
      if ((needed += 32) > kReference) throw std::runtime_error("bench: Arb does not certify the smooth kernel");
    }
    names.push_back(std::string(label) + ", certified, " + std::to_string(needed) + " bits");
    comparison.add(names.back(), 5, [matrix = matrices.back().get(), shift, needed, factorisation] {
      return (matrix->certifies(shift, needed, factorisation) ? "above " : "not certified above ") +
             number_text(shift, "%.6g");
    });
  }
#endif
  comparison.run();
#ifdef ASSAY_BENCH_ARB
  const double by_cholesky = comparison.ratio(ours, names[0]), by_ldl = comparison.ratio(ours, names[1]);
  report.reach.push_back(
      {"lambda_min about " + about + ", by Arb's faster route", "at most 1, aim 0.2", std::max(by_cholesky, by_ldl)});
#endif
  report.comparisons.push_back(comparison);
}

}  // namespace

void compare_given_matrix(const assay::RealMatrix& matrix, NumPy& numpy, Report& report) {
  const assay::fast::SymmetricBall ball{matrix, 0};
  Comparison comparison(
      "Least eigenvalue of a given matrix",
      "A kernel of 512 rows (n = 64, d_in = d = 8, m = 65536), its entries taken as exact doubles. NumPy uses the "
      "threads that its BLAS takes, the others one. Arb tries to show lambda_min > s, s a hundredth below it, at 128 "
      "bits and at the least multiple of 32 bits that suffices.");
  const char* const ours = "assay, certified";
  const char* const eigen = "Eigen, eigenvalues only";
  comparison.add(ours, 9, [&] {
    const assay::Ball value = assay::fast::lambda_min(ball);
    return number_text(value.middle, "%.12g") + " +- " + number_text(value.radius, "%.1e");
  });
  comparison.add(eigen, 9, [&] { return number_text(plain::lambda_min(matrix.data(), matrix.rows()), "%.12g"); });
  if (numpy.is_present())
    comparison.add_measured("NumPy, eigenvalues only", 9, [&] { return numpy.run("eigenvalue"); });
#ifdef ASSAY_BENCH_ARB
  const arb::Matrix balls(exact(matrix), 53);
  const double shift = 0.99 * assay::fast::lambda_min(ball).middle;
  Bits needed = 128;
  while (!balls.certifies(shift, needed, arb::Factorisation::cholesky))
    if ((needed += 32) > 1024) throw std::runtime_error("bench: Arb does not certify the given matrix");
  const auto add_arb = [&](Bits bits) {
    comparison.add("arb_mat_cho, " + std::to_string(bits) + " bits", 5, [&, bits] {
      return (balls.certifies(shift, bits, arb::Factorisation::cholesky) ? "above " : "failed to show above ") +
             number_text(shift, "%.6g");
    });
  };
  add_arb(128);
  if (needed != 128) add_arb(needed);
#endif
  comparison.run();
  report.reach.push_back(
      {"arb_mat_cho at 128 bits by ours, N = 512", "at least 100", comparison.ratio("arb_mat_cho, 128 bits", ours)});
  report.reach.push_back(
      {"lambda_min, N = 512, by Eigen's eigenvalues only", "at most 1", comparison.ratio(ours, eigen)});
  report.comparisons.push_back(comparison);
}

void compare_below_double(Report& report) {
  compare_smooth_kernel(0.273, "1e-15", report);
  compare_smooth_kernel(0.024, "1e-30", report);
}

}  // namespace bench

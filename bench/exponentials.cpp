#include <mpfr.h>

#include <cmath>

#include "cases.hpp"
#include "enclosure/fast/kernels.hpp"
#include "plain.hpp"
#ifdef ASSAY_BENCH_ARB
#include "arb.hpp"
#endif

namespace bench {

void compare_exponentials(Report& report) {
  constexpr std::size_t kCount = 4096;
  std::vector<double> z(kCount), y(kCount);
  for (std::size_t k = 0; k < kCount; ++k) z[k] = 5 * std::sin(static_cast<double>(k));
  const auto note = [&] { return "exp(" + number_text(z[1]) + ") = " + number_text(y[1], "%.17g"); };
  Comparison comparison("exp",
                        "4096 arguments in [-5, 5]. assay's loops have a proved error; libm and Eigen have none; MPFR "
                        "and Arb are asked for 53 bits.",
                        "call");
  const auto things = static_cast<double>(kCount);
  using Set = assay::fast::InstructionSet;
  const Set before = assay::fast::instruction_set();
  for (const auto& [set, name] : {std::pair{Set::avx512, "assay, AVX-512"}, std::pair{Set::avx2, "assay, AVX2"},
                                  std::pair{Set::portable, "assay, portable"}}) {
    if (!assay::fast::is_available(set)) continue;
    comparison.add(
        name, 9,
        [&, set = set] {
          assay::fast::choose_instruction_set(set);
          assay::fast::scaled_exp(z.data(), y.data(), kCount, 0);
          return note();
        },
        things);
  }
  comparison.add(
      "std::exp", 9,
      [&] {
        plain::libm_exp(z.data(), y.data(), static_cast<long>(kCount));
        return note();
      },
      things);
  comparison.add(
      "Eigen array, this processor's instructions", 9,
      [&] {
        plain::eigen_exp(z.data(), y.data(), static_cast<long>(kCount));
        return note();
      },
      things);
  comparison.add(
      "mpfr_exp, 53 bits", 7,
      [&] {
        mpfr_t x;
        mpfr_init2(x, 53);
        for (std::size_t k = 0; k < kCount; ++k) {
          mpfr_set_d(x, z[k], MPFR_RNDN);
          mpfr_exp(x, x, MPFR_RNDN);
          y[k] = mpfr_get_d(x, MPFR_RNDN);
        }
        mpfr_clear(x);
        return note();
      },
      things);
#ifdef ASSAY_BENCH_ARB
  comparison.add(
      "arb_exp, 53 bits", 7,
      [&] {
        arb::exp(z.data(), y.data(), kCount);
        return note();
      },
      things);
#endif
  comparison.run();
  assay::fast::choose_instruction_set(before);
  report.comparisons.push_back(comparison);
}

}  // namespace bench

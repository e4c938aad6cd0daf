#include "report/run_info.hpp"

#include <fmt/format.h>
#include <gmp.h>
#include <mpfi.h>
#include <mpfr.h>

#include <Eigen/Core>
#include <boost/version.hpp>

namespace assay {

namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

std::string boost_version() {
  return fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
}

std::string eigen_version() {
  return fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {{"assay", ASSAY_VERSION},   {"MPFR", mpfr_get_version()}, {"MPFI", mpfi_get_version()}, {"GMP", gmp_version},
          {"Boost", boost_version()}, {"Eigen", eigen_version()},   {"compiler", compiler()}};
}

}  // namespace assay

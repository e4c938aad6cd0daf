// How widths grow with n, d and 1 / lambda: assay_width_growth writes the table bench/width_growth.md. A measurement.

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <vector>

#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"
#include "models/infinite_width.hpp"
#include "theorems/width/training_width.hpp"

using namespace assay;

namespace {

constexpr int kSeeds = 5;
constexpr double kSigma = 1;

Setting drawn(Index n, Index d_in, Index d, std::uint64_t seed) {
  InstanceRequest request;
  request.n = n;
  request.d_in = d_in;
  request.d = d;
  request.m = 2;
  request.sigma = kSigma;
  request.seed = seed;
  return Setting(make_instance(request), {}, {}, 2);
}

/// Two of four rows at an angle: lambda shrinks with it.
Setting with_angle(double angle, std::uint64_t seed) {
  Instance instance = drawn(4, 8, 4, seed).instance();
  const Eigen::RowVectorXd first = instance.x.row(0);
  Eigen::RowVectorXd other = instance.x.row(1) - instance.x.row(1).dot(first) * first;
  instance.x.row(1) = std::cos(angle) * first + std::sin(angle) * other.normalized();
  shrink_into_unit_ball(row_of(instance.x, 1));
  return Setting(instance, {}, {}, 2);
}

/// Smallest width certified among 2^{k/4}, as a logarithm to base 2; by bisection between powers of two.
double log2_certified_width(const Setting& setting, std::uint64_t seed) {
  long k = 4 * 6;
  const auto certified = [&](long quarter) {
    const Index m = 2 * static_cast<Index>(std::lround(std::exp2(static_cast<double>(quarter) / 4 - 1)));
    return certificate_at(setting, m, seed, Region::tube).certified;
  };
  while (k < 4 * 20 && !certified(k)) k += 4;
  while (k > 0 && certified(k - 1)) --k;
  return static_cast<double>(k) / 4;
}

struct Row {
  double x = 0;                                                 ///< log2 of what varies
  double lambda = 0, certified = 0, sufficient = 0, paper = 0;  ///< lambda_min(K_inf); log2 of widths
};

Row measured(double x, const std::function<Setting(std::uint64_t)>& make) {
  Row row{x};
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Setting setting = make(seed);
    row.lambda += limit_lambda_min(setting, softmax(), Level(128)).approx_double() / kSeeds;
    row.certified += log2_certified_width(setting, seed) / kSeeds;
    row.sufficient += std::log2(least_sufficient_width(setting, Level(128))->m.approx_double()) / kSeeds;
    const Interval paper = log10(limit_closed_forms(setting, Level(128)).width());
    row.paper += paper.approx_double() / std::log10(2.0) / kSeeds;
  }
  return row;
}

/// Slope of y over x with its 95% interval (Student), from the scatter of the rows.
std::string slope(const std::vector<Row>& rows, double Row::*x, double Row::*y) {
  const double count = static_cast<double>(rows.size());
  double mean_x = 0, mean_y = 0, sxx = 0, sxy = 0, rest = 0;
  for (const Row& row : rows) mean_x += row.*x / count, mean_y += row.*y / count;
  for (const Row& row : rows) {
    sxx += (row.*x - mean_x) * (row.*x - mean_x);
    sxy += (row.*x - mean_x) * (row.*y - mean_y);
  }
  const double b = sxy / sxx;
  for (const Row& row : rows) rest += std::pow(row.*y - mean_y - b * (row.*x - mean_x), 2);
  constexpr double kStudent[] = {0, 12.71, 4.303, 3.182, 2.776, 2.571};
  const auto freedom = std::min<std::size_t>(rows.size() - 2, 5);
  const double half = kStudent[freedom] * std::sqrt(rest / (count - 2) / sxx);
  return fmt::format("{:.2f} ({:.2f} .. {:.2f})", b, b - half, b + half);
}

void report(const char* name, const char* paper, const std::vector<Row>& rows) {
  fmt::print("\n## {}\n\n| {} | lambda_min(K_inf) | certified (2^) | M_0 (2^) | Theorem 4.2 (2^) |\n", name, name);
  fmt::print("| ---: | ---: | ---: | ---: | ---: |\n");
  for (const Row& row : rows)
    fmt::print("| {:.4g} | {:.4g} | {:.2f} | {:.2f} | {:.1f} |\n", std::exp2(row.x), row.lambda, row.certified,
               row.sufficient, row.paper);
  fmt::print("\nExponent of {}: certified {}, M_0 {}; Theorem 4.2 {} ({} without e^{{18B}} and logarithms).\n", name,
             slope(rows, &Row::x, &Row::certified), slope(rows, &Row::x, &Row::sufficient),
             slope(rows, &Row::x, &Row::paper), paper);
}

}  // namespace

int main() {
  fmt::print(
      "# Growth of widths\n\nDrawn data, sigma = 1, delta = 0.1; means over {} seeds of log2 of the width. Certified: "
      "smallest of the widths 2^(k/4)\nat which the network is proved to converge (tube). Exponents by least squares, "
      "with 95% intervals from the scatter.\nMade by `assay_width_growth`.\n",
      kSeeds);
  std::vector<Row> rows;
  for (const Index n : {2, 3, 4, 6, 8, 12})
    rows.push_back(measured(std::log2(n), [n](std::uint64_t seed) { return drawn(n, 8, 4, seed); }));
  report("n", "2", rows);
  rows.clear();
  for (const Index d : {1, 2, 4, 8, 12})
    rows.push_back(measured(std::log2(d), [d](std::uint64_t seed) { return drawn(4, 8, d, seed); }));
  report("d", "2", rows);
  rows.clear();
  for (const double angle : {1.2, 0.6, 0.3, 0.15, 0.1}) {
    Row row = measured(0, [angle](std::uint64_t seed) { return with_angle(angle, seed); });
    row.x = -std::log2(row.lambda);
    rows.push_back(row);
  }
  report("1/lambda", "2", rows);
}

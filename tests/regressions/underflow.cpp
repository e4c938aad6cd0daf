// Bounds in double of what underflows: squares of entries below 1e-162, and factors that follow such a product.

#include <doctest/doctest.h>

#include <array>

#include "app/json_reading.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/fast/spectral_norm.hpp"
#include "enclosure/norm.hpp"
#include "models/relu.hpp"
#include "network/ball.hpp"
#include "network/fast/network.hpp"
#include "network/kernel.hpp"
#include "regression/kernel_regression.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 300;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::vector<std::vector<double>> kVectors{{},
                                                {0, 0},
                                                {1e-200},
                                                {1e-200, -1e-200, 3e-201},
                                                {5e-324},
                                                {5e-324, 5e-324, 1e-323},
                                                {2.5e-308, 1e-320},
                                                {3e-162, 4e-162},
                                                {1e-170, 1e170},
                                                {3e200, 4e200},
                                                {1e308, 1e308},
                                                {0.6, 0.8},
                                                {1, 1e-9, 1e-300}};

void check_norm(const std::vector<double>& a) {
  const Interval truth = euclidean_norm(a, kBits);
  const Ball norm = euclidean_norm(std::span<const double>(a));
  REQUIRE(enclosure_of(norm, kBits).contains(truth));
  REQUIRE(norm.radius <= 1e-14 * norm.middle + 0x1p-1019);
  const double upper = upper_norm(a);
  REQUIRE(certainly_less_equal(truth, Interval(upper, kBits)));
  REQUIRE(upper <= truth.upper_double() * (1 + 1e-13) + 0x1p-1018);
}

TEST_CASE("a norm of doubles is enclosed at every magnitude") {
  for (const std::vector<double>& a : kVectors) check_norm(a);
  for (std::uint64_t seed = 1; seed <= random_cases(500); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    std::vector<double> a(static_cast<std::size_t>(random.integer(1, 9)));
    for (double& entry : a) entry = random.any_double() / 8;
    check_norm(a);
  }
}

TEST_CASE("nothing is known of a norm beyond the range of double, or of what is not finite") {
  for (const std::vector<double>& a :
       {std::vector{1.7e308, 1.7e308}, std::vector{kInfinity, 1.0}, std::vector{1.0, kNan}, std::vector{kNan}}) {
    CHECK(euclidean_norm(std::span<const double>(a)).radius == kInfinity);
    CHECK(upper_norm(a) == kInfinity);
  }
  CHECK(upper_root_of_squares(kInfinity, 1) == kInfinity);
  CHECK(upper_root_of_squares(kNan, 1) == kInfinity);
  CHECK(inflated(kNan) == kInfinity);
  CHECK(upper_product(kInfinity, 0.0, 1.0) == kInfinity);
}

TEST_CASE("the root of squares that have underflowed is bounded") {
  for (const std::vector<double>& a : kVectors) {
    double squares = 0;
    for (const double entry : a) squares += entry * entry;
    const Interval truth = euclidean_norm(a, kBits);
    const auto terms = static_cast<std::ptrdiff_t>(a.size());
    CHECK(enclosure_of(root_of_squares(squares, terms), kBits).contains(truth));
    CHECK(truth.upper_double() <= upper_root_of_squares(squares, terms));
  }
}

TEST_CASE("a factor after an underflow does not undo the bound of a product") {
  const std::array factors{1e-200, 1e-180, 3e200, 5e-324, 1e300, 0.7};
  for (const double a : factors)
    for (const double b : factors)
      for (const double c : factors)
        for (const double d : factors) {
          const Rational truth = exact(a) * exact(b) * exact(c) * exact(d);
          const double upper = upper_product(a, b, c, d);
          REQUIRE((std::isinf(upper) || exact(upper) >= truth));
        }
}

IntervalMatrix exactly(const fast::RowMajorMatrix& a) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), kBits);
  return result;
}

TEST_CASE("norms and eigenvalues of matrices of every magnitude") {
  fast::RowMajorMatrix a(3, 3);
  a << 2, -1, 0.25, -1, 3, 0.5, 0.25, 0.5, 1;
  for (int power = -1070; power <= 1018; power += 36) {
    CAPTURE(power);
    const fast::RowMajorMatrix scaled = a * std::ldexp(1.0, power);
    const IntervalMatrix truth = exactly(scaled);
    CHECK(fast::upper_frobenius_norm(scaled) >= frobenius_norm(truth).lower_double());
    CHECK(fast::upper_spectral_norm({scaled, 0}) >= enclose_spectral_norm(truth, 1e-12, kBits).lower_double());
    const Ball least = fast::lambda_min({scaled, 0}), largest = fast::lambda_max({scaled, 0});
    CHECK(overlap(enclosure_of(least), enclose_lambda_min(truth, 1e-12, kBits)));
    CHECK(overlap(enclosure_of(largest), enclose_lambda_max(truth, 1e-12, kBits)));
    CHECK(least.radius <= 1e-7 * least.middle + 0x1p-1018);
    CHECK(largest.radius <= 1e-7 * largest.middle + 0x1p-1018);
    const double residual = fast::upper_residual_norm(scaled, 0, fast::RowMajorMatrix::Zero(3, 3));
    CHECK(residual >= enclose_spectral_norm(truth, 1e-12, kBits).lower_double());
  }
  CHECK(fast::lambda_min({fast::RowMajorMatrix::Zero(2, 2), 0}).magnitude() <= 0x1p-1019);
}

/// The same logits from inputs times `scale` and weights divided by it.
Instance scaled_network(double scale) {
  Random random(7);
  Instance instance = random_instance(random, {3, 2, 2, 8}, Pairing::mixed, 1.5);
  instance.x *= scale;
  instance.w /= scale;
  return instance;
}

constexpr Bits kDeep = 1500;  // digits beyond 1e-200 of every number

/// The kernel, its norms and eigenvalues in double, and its change over balls, beside the deep tier's.
void check_kernel(const Instance& instance, const std::vector<double>& radii) {
  const IntervalMatrix gram = input_gram(instance.x, kDeep);
  const Forward forward = forward_pass(instance.x, instance.w, instance.a, kDeep);
  const IntervalMatrix truth = kernel(forward, gram);
  const auto sums = fast::network_sums(instance.x, StoredNeurons(instance.w, instance.a), {});
  REQUIRE(sums.has_value());
  const fast::KernelBall h = fast::kernel(*sums, instance.x);
  CHECK(overlap(enclosure_of(fast::frobenius_norm(h)), frobenius_norm(truth)));
  CHECK(overlap(enclosure_of(fast::lambda_min(h.symmetric())), enclose_lambda_min(truth, 1e-12, kBits)));
  CHECK(overlap(enclosure_of(fast::lambda_max(h.symmetric())), enclose_lambda_max(truth, 1e-12, kBits)));
  CHECK(fast::upper_spectral_norm(h.symmetric()) >= enclose_spectral_norm(truth, 1e-12, kBits).lower_double());
  for (const double length : radii) {
    CAPTURE(length);
    const Interval radius(length, kDeep);
    const fast::KernelChange change = fast::change_over_ball(*sums, instance.x, radius);
    const KernelChange simple = kernel_change(forward, ranges_for_all_smaller_radii(forward, instance.x, radius), gram);
    // What the formula gives, so that no term of it is lost.
    for (Index i = 0; i < change.theta.rows(); ++i)
      for (Index j = 0; j < change.theta.cols(); ++j) {
        REQUIRE(change.entrywise(i, j) >= simple.entrywise(i, j).lower_double() * (1 - 1e-9));
        REQUIRE(change.theta(i, j) >= simple.theta(i, j).lower_double() * (1 - 1e-9));
      }
    CHECK(upper_norm(change.entrywise) >= frobenius_norm(simple.entrywise).lower_double() * (1 - 1e-9));
  }
}

TEST_CASE("kernels of tiny and huge inputs, and how they change over tiny and huge balls") {
  for (const double scale : {1e-154, 1e-150, 1e-100, 1e-80, 1e-30, 1.0, 1e30, 1e100, 1e140}) {
    CAPTURE(scale);
    check_kernel(scaled_network(scale), {1e-200 / scale, 1e-170 / scale, 1e-100 / scale, 1e-3 / scale});
  }
}

TEST_CASE("a tiny ball around large logits") {
  Instance instance;
  instance.x = RealMatrix::Constant(1, 1, 1e60);
  instance.w = RealMatrix{{2.9e-58}, {2.89e-58}, {2.88e-58}};
  instance.a = SignMatrix{{1}, {-1}, {1}};
  check_kernel(instance, {1e-230});
}

TEST_CASE("the error of a logit is relative where the input is subnormal") {
  const RealMatrix x = RealMatrix::Constant(1, 1, 4e-308), w{{1.7e308}, {-1.7e308}};
  const auto sums = fast::network_sums(x, StoredNeurons(w, SignMatrix{{1}, {-1}}), {});
  REQUIRE(sums.has_value());
  CHECK(sums->max_logit == doctest::Approx(6.8));
  CHECK(sums->logit_error >= kUnitRoundoff * 6.79);
  CHECK(fast::upper_logit_error(1.1e-308, 1.7e308, 1) >= kUnitRoundoff * 1.86);
  CHECK(fast::upper_logit_error(1.7e308, 1.1e-308, 1) >= kUnitRoundoff * 1.86);
}

TEST_CASE("ReLU neurons are not excluded from a pair by an underflow") {
  // Both samples are active at w + u with u = -w, |u| = sqrt 2 1e-15 < 1.5e-15.
  const RealMatrix x{{1e150, 0}, {0, 1e-150}}, w{{-1e-15, -1e-15}};
  const ReluCounts counts = relu_counts(x, StoredNeurons(w, SignMatrix{{1}}), Interval(1.5e-15, 64), {});
  CHECK(counts.rises(0, 1) == 1);
  // And at the distance of u there is none for a smaller ball.
  CHECK(relu_counts(x, StoredNeurons(w, SignMatrix{{1}}), Interval(1.4e-15, 64), {}).rises(0, 1) == 0);
}

TEST_CASE("the limit kernel between a tiny and a huge input") {
  // The products cancel all but their rounding.
  const RealMatrix tiny{{1.1e-170, 1.3e-170}}, huge{{1.3e150, -1.1e150}};
  const BallMatrix kernel = limit_kernel_ball(tiny, huge, 1);
  const Interval product = dot({tiny.data(), 2}, {huge.data(), 2}, kBits);
  CHECK(enclosure_of(Ball{kernel.middle(0, 0), kernel.radii(0, 0)}, kBits).contains(product * exp(product)));
  CHECK(kernel.radii(0, 0) <= 1e-33);
}

TEST_CASE("a kernel expansion with huge coefficients of a kernel that underflows") {
  const BallMatrix block{RowMajorMatrix{{1e-310, 3e-310}}, RowMajorMatrix::Zero(1, 2)};
  const RowMajorMatrix c{{1.3e300}, {-1.7e300}};
  const BallMatrix value = expansion(block, c, 0);
  const Interval truth = dot({block.middle.data(), 2}, {c.data(), 2}, kBits);
  CHECK(enclosure_of(Ball{value.middle(0, 0), value.radii(0, 0)}, kBits).contains(truth));
}

using Files = std::vector<std::string>;  ///< X, Y, W, A

/// Runs the program on inline matrices and reads its JSON.
nlohmann::json report_on(const Files& files, const std::string& command, const std::string& more) {
  const Scratch scratch;
  std::vector<std::string> arguments = words(command + " --sigma 1 --json - " + more);
  const std::array<std::string, 4> names{"x", "y", "w", "a"};
  for (std::size_t k = 0; k < files.size(); ++k) {
    arguments.push_back("--" + names[k]);
    arguments.push_back(scratch.file(names[k] + ".csv", files[k]));
  }
  const Run run = run_program(scratch, arguments);
  CAPTURE(run.err);
  REQUIRE((run.status == 0 || run.status == 1 || run.status == 3));
  return nlohmann::json::parse(run.out);
}

const Files kPlain{"0.6,0.79\n1,0\n", "0.5\n0.25\n", "0.3,-0.2\n0.3,-0.2\n-0.8,1.1\n-0.8,1.1\n", "1\n-1\n1\n-1\n"};

TEST_CASE("the program's fast tier agrees with the deep one on tiny inputs") {
  const std::vector<Files> instances{{"1e-80\n", "0.5\n", "3e79\n3e79\n-8e79\n-8e79\n", "1\n-1\n1\n-1\n"},
                                     {"1e-150\n", "0.5\n", "0.3\n0.3\n-0.8\n-0.8\n", "1\n-1\n1\n-1\n"},
                                     {"1e-310\n", "0.5\n", "0.3\n0.3\n-0.8\n-0.8\n", "1\n-1\n1\n-1\n"},
                                     kPlain};
  for (const Files& files : instances) {
    const nlohmann::json fast = report_on(files, "evaluate", "--tier fast").at("quantities");
    const nlohmann::json deep = report_on(files, "evaluate", "--tier deep").at("quantities");
    for (const auto& item : fast.items()) {
      const std::string& quantity = item.key();
      const nlohmann::json& ends = item.value();
      CAPTURE(files.front());
      CAPTURE(quantity);
      CHECK(overlap(enclosure(ends), enclosure(deep.at(quantity))));
    }
  }
}

TEST_CASE("the kernel's change over a tiny ball is not bounded by an underflow") {
  // Some W~ in the ball attains 3.94e-201.
  const nlohmann::json finding =
      report_on(kPlain, "check ntk_perturbation", "--radius 1e-200 --set e1.exponent=0 --set e1.multiplier=1e-50")
          .at("findings")
          .at(0);
  const Interval supremum = enclosure(finding.at("quantities").at("supremum_F"));
  CHECK(supremum.upper_double() >= 3.94e-201);
  for (const nlohmann::json& claim : finding.at("claims")) {
    CAPTURE(claim.at("id"));
    if (claim.at("id") != "bound_at_w_tilde") CHECK(claim.at("verdict") != "holds");
  }
}

}  // namespace
}  // namespace assay

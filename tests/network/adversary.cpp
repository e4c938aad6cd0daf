// The gradient inside adversary.cpp is not part of its interface, so the file is compiled here once more under other
// names. A wrong gradient proves nothing false, it only finds harmless weights: no other test would notice.
#define approx_worst_weights compiled_again_worst_weights
#define largest_displacement compiled_again_displacement
#define pull_inside compiled_again_pull_inside
#include "../../src/network/search/adversary.cpp"
#undef approx_worst_weights
#undef largest_displacement
#undef pull_inside

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "support/balls.hpp"

namespace assay {
RealMatrix approx_worst_weights(const Instance& instance, const Interval& radius, const AdversaryOptions& options);
Interval largest_displacement(const RealMatrix& w_tilde, const RealMatrix& w, Bits bits);

namespace {

constexpr Bits kBits = 128;

double pairing_with(const Instance& instance, const RealMatrix& w, const Dense& slope) {
  return approx_network(instance, w).h.cwiseProduct(slope).sum();
}

TEST_CASE("the gradient of <C, H(W)> agrees with central differences") {
  for (const Shape& shape :
       {Shape{1, 1, 1, 2}, Shape{2, 3, 2, 4}, Shape{3, 2, 3, 5}, Shape{2, 2, 7, 12}, Shape{1, 2, 10, 6}})
    for (const Pairing pairing : {Pairing::unpaired, Pairing::mixed, Pairing::paired}) {
      if (pairing == Pairing::paired && shape.m % 2 != 0) continue;
      CAPTURE(shape.m);
      Random random(21);
      const Instance instance = random_instance(random, shape, pairing, 1);
      const Index size = shape.n * shape.d;
      const Dense half = random_matrix(random, size, size, 1), slope = half + half.transpose();
      const ApproxNetworks networks(instance);
      const RealMatrix gradient = networks.gradient(networks.at(instance.w), slope);
      for (Index r = 0; r < shape.m; ++r)
        for (Index k = 0; k < shape.d_in; ++k) {
          RealMatrix up = instance.w, down = instance.w;
          up(r, k) += 1e-5, down(r, k) -= 1e-5;
          const double difference =
              (pairing_with(instance, up, slope) - pairing_with(instance, down, slope)) / (up(r, k) - down(r, k));
          CHECK(gradient(r, k) == doctest::Approx(difference).epsilon(1e-7).scale(1));
        }
    }
}

TEST_CASE("the network in double is near its enclosure, also where one neuron has all of the softmax") {
  for (const double scale : {0.1, 2.0, 40.0})
    for (const Shape& shape : {Shape{3, 2, 2, 6}, Shape{5, 3, 4, 30}, Shape{2, 3, 8, 40}, Shape{2, 3, 70, 20}}) {
      CAPTURE(scale);
      CAPTURE(shape.d);
      Random random(22);
      const Instance instance = random_instance(random, shape, Pairing::mixed, scale);
      const Forward at = forward_pass(instance.x, instance.w, instance.a, kBits);
      const IntervalMatrix h = kernel(at, input_gram(instance.x, kBits));
      const Dense approx = approx_network(instance, instance.w).h;
      for (Index u = 0; u < h.rows(); ++u)
        for (Index v = 0; v < h.rows(); ++v)
          CHECK(approx(u, v) == doctest::Approx(h(u, v).approx_double()).epsilon(1e-4).scale(1e-30));
    }
}

TEST_CASE("every pair of outputs and every output is summed by exactly one part of the sign groups") {
  for (const Index d : {1, 2, 3, 4, 6, 7, 10, 65}) {
    CAPTURE(d);
    Random random(24);
    const Instance instance = random_instance(random, {1, 1, d, 50}, Pairing::mixed, 1);
    const SignGroups groups = group_by_signs(instance.a);
    Eigen::MatrixXi pairs = Eigen::MatrixXi::Zero(d, d), expected = Eigen::MatrixXi::Zero(d, d);
    for (const SignGroups::Part& part : groups.parts) {
      for (const auto& pair : part.pairs) {
        ++pairs(pair.l, pair.k);
        CHECK(part.outputs[pair.at_l] == pair.l);
        CHECK(part.outputs[pair.at_k] == pair.k);
      }
      for (const std::size_t l : part.singles) ++pairs(part.outputs[l], part.outputs[l]);
      Index neurons = 0;
      for (const SignGroups::Group& group : part.groups)
        for (Index place = group.begin; place < group.end; ++place, ++neurons)
          for (std::size_t l = 0; l < part.outputs.size(); ++l)
            CHECK(instance.a(part.order[static_cast<std::size_t>(place)], part.outputs[l]) == group.signs[l]);
      CHECK(neurons == 50);
    }
    expected.triangularView<Eigen::Lower>().setOnes();
    CHECK(pairs == expected);
  }
}

TEST_CASE("the slope of the spectral norm belongs to the larger end of the spectrum") {
  Dense slope;
  CHECK(norm_and_slope(Dense{{2.0, 0.0}, {0.0, -3.0}}, KernelNorm::spectral, slope) == doctest::Approx(3));
  CHECK(slope(1, 1) == doctest::Approx(-1));
  CHECK(slope(0, 0) == doctest::Approx(0));
  CHECK(norm_and_slope(Dense{{5.0, 0.0}, {0.0, -3.0}}, KernelNorm::spectral, slope) == doctest::Approx(5));
  CHECK(slope(0, 0) == doctest::Approx(1));
  CHECK(norm_and_slope(Dense{{3.0, 0.0}, {0.0, -4.0}}, KernelNorm::frobenius, slope) == doctest::Approx(5));
}

Interval change(const Instance& instance, const RealMatrix& w_tilde, KernelNorm norm) {
  const IntervalMatrix gram = input_gram(instance.x, kBits);
  const IntervalMatrix difference = kernel(forward_pass(instance.x, w_tilde, instance.a, kBits), gram) -
                                    kernel(forward_pass(instance.x, instance.w, instance.a, kBits), gram);
  return norm == KernelNorm::frobenius ? frobenius_norm(difference) : enclose_spectral_norm(difference, 1e-9, kBits);
}

TEST_CASE("the weights found lie in the ball and are worse than 200 random ones on its sphere") {
  for (const KernelNorm norm : {KernelNorm::frobenius, KernelNorm::spectral})
    for (const double radius : {1e-3, 0.1, 1.0}) {
      CAPTURE(radius);
      Random random(23);
      const Instance instance = random_instance(random, {3, 3, 2, 8}, Pairing::paired, 1);
      AdversaryOptions options;
      options.norm = norm;
      const Interval exact_radius(radius, kBits);
      const RealMatrix found = approx_worst_weights(instance, exact_radius, options);
      for (Index r = 0; r < instance.m(); ++r) CHECK(certainly_inside(found, instance.w, r, exact_radius));
      CHECK(certainly_less_equal(largest_displacement(found, instance.w, kBits), exact_radius));
      const Interval worst = change(instance, found, norm);
      for (int k = 0; k < 200; ++k) {
        const RealMatrix other = moved(instance.w, random_directions(random, 8, 3), IntervalVector(8, exact_radius));
        REQUIRE(certainly_less_equal(change(instance, other, norm), worst));
      }
    }
}

TEST_CASE("the weights found are inside for every size of radius") {
  for (const double radius : {0.0, 5e-324, 1e-17, 1e-15, 0.005, 1.0, 1e3, 1e17}) {
    CAPTURE(radius);
    Random random(24);
    const Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::unpaired, 1);
    for (const Interval& ball : {Interval(radius, kBits), Interval(radius, kBits) / 3}) {
      const RealMatrix found = approx_worst_weights(instance, ball, {});
      REQUIRE(found.allFinite());
      for (Index r = 0; r < 4; ++r) CHECK(certainly_inside(found, instance.w, r, ball.lower()));
    }
  }
}

TEST_CASE("the search is reproducible and starts matter") {
  Random random(25);
  const Instance instance = random_instance(random, {2, 2, 2, 6}, Pairing::paired, 1);
  const Interval radius(0.01, kBits);
  const RealMatrix first = approx_worst_weights(instance, radius, {});
  CHECK(first == approx_worst_weights(instance, radius, {}));
  CHECK(first != approx_worst_weights(instance, radius, {.starts = 1, .steps = 1, .seed = 2}));
  CHECK(approx_worst_weights(instance, radius, {.starts = 0}) == instance.w);
}

TEST_CASE("the largest displacement is that of the row that moved most") {
  const RealMatrix w{{0, 0}, {1, 1}, {-2, 5}}, other{{3, 4}, {1, 0}, {-2, 5}};
  const Interval distance = largest_displacement(other, w, 64);
  CHECK(distance.is_point());
  CHECK(distance.contains(5.0));
  CHECK(largest_displacement(w, w, 64).is_point());
  CHECK_THROWS_AS(largest_displacement(w, RealMatrix(3, 1), 64), std::invalid_argument);
  CHECK_THROWS_AS(largest_displacement(w, RealMatrix(2, 2), 64), std::invalid_argument);
  // Exact differences: 1 + 2^-52 against 1, at a precision that is enough and at one that is not.
  const RealMatrix one{{1.0}}, next{{1.0 + 0x1p-52}};
  CHECK(largest_displacement(next, one, 64).contains(0x1p-52));
  CHECK(largest_displacement(next, one, 10).contains(0x1p-52));
}

}  // namespace
}  // namespace assay

#include "network/kernel.hpp"

#include <doctest/doctest.h>

#include "enclosure/eigenvalue.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 192;
constexpr Shape kShapes[] = {{1, 1, 1, 1}, {1, 1, 1, 2}, {2, 3, 1, 4}, {2, 1, 3, 5}, {1, 4, 2, 8},
                             {3, 2, 2, 2}, {3, 3, 3, 7}, {3, 2, 2, 6}, {2, 2, 4, 8}};
constexpr Pairing kPairings[] = {Pairing::paired, Pairing::unpaired, Pairing::mixed};

IntervalMatrix kernel_of(const Instance& instance, const RealMatrix& w, Bits bits, bool share = true, int threads = 1) {
  return kernel(forward_pass(instance.x, w, instance.a, bits, threads, share), input_gram(instance.x, bits), threads);
}
IntervalMatrix kernel_of(const Instance& instance, Bits bits = kBits, bool share = true, int threads = 1) {
  return kernel_of(instance, instance.w, bits, share, threads);
}

/// Calls body(instance) for random networks of every shape and pairing.
template <class Body>
void for_each_network(double scale, Body body) {
  for (std::uint64_t seed = 1; seed <= random_cases(2); ++seed)
    for (const Shape& shape : kShapes)
      for (const Pairing pairing : kPairings) {
        if (pairing == Pairing::paired && shape.m % 2 != 0) continue;
        CAPTURE(seed);
        CAPTURE(shape.m);
        CAPTURE(static_cast<int>(pairing));
        Random random(seed * 1000 + static_cast<std::uint64_t>(shape.m * 10 + shape.n));
        body(random_instance(random, shape, pairing, scale));
      }
}

TEST_CASE("m H is J J' for the Jacobian by automatic differentiation") {
  for_each_network(2, [](const Instance& instance) {
    const IntervalMatrix j = plain_jacobian(instance, instance.w, kBits);
    const IntervalMatrix truth = j * transposed(j);
    for (const bool share : {true, false}) {
      const IntervalMatrix h = kernel_of(instance, kBits, share);
      REQUIRE(overlap(scaled(h, instance.m()), truth));
      REQUIRE(widest(h) < 1e-45);
      REQUIRE(widest(truth) < 1e-40);
    }
  });
}

TEST_CASE("H is the triple loop over G, and q, p, F are what they are defined to be") {
  for_each_network(3, [](const Instance& instance) {
    const IntervalMatrix g = plain_g(instance, instance.w, kBits);
    const IntervalMatrix truth = plain_product(instance, g, g, kBits);
    const IntervalMatrix q = plain_q(instance, instance.w, kBits), p = plain_p(instance, q);
    for (const bool share : {true, false}) {
      const Forward at = forward_pass(instance.x, instance.w, instance.a, kBits, 1, share);
      REQUIRE(overlap(kernel(at, input_gram(instance.x, kBits)), truth));
      REQUIRE(overlap(at.p, p));
      REQUIRE(at.m == instance.m());
      for (Index i = 0; i < instance.n(); ++i)
        for (Index r = 0; r < instance.m(); ++r)
          REQUIRE(overlap(at.q(i, at.neurons.column_of[static_cast<std::size_t>(r)]), q(i, r)));
      const IntervalMatrix e = residual(at, instance.y);
      for (Index l = 0; l < instance.d(); ++l)
        for (Index i = 0; i < instance.n(); ++i)
          REQUIRE(overlap(e(l, i), p(l, i) * instance.m() - Interval(instance.y(i, l), kBits)));
    }
  });
}

TEST_CASE("low and high precision, one thread and several agree") {
  for_each_network(2, [](const Instance& instance) {
    const IntervalMatrix sharp = kernel_of(instance, 512);
    for (const Bits bits : {2, 24, 53, 64, 128}) REQUIRE(overlap(kernel_of(instance, bits), sharp));
    const IntervalMatrix threaded = kernel_of(instance, 64, true, 3), single = kernel_of(instance, 64);
    for (Index i = 0; i < single.rows(); ++i)
      for (Index j = 0; j < single.cols(); ++j) REQUIRE(same(single(i, j), threaded(i, j)));
  });
}

/// F(W - eta grad L) - F(W) + eta m H e with Delta w_r = sum_{i,l} e_{l,i} G_{(l,i),r} x_i.
Interval step_remainder(const Instance& instance, long log2_eta, Bits bits) {
  const Forward at = forward_pass(instance.x, instance.w, instance.a, bits);
  const IntervalMatrix h = kernel(at, input_gram(instance.x, bits)), e = residual(at, instance.y);
  const Interval eta = 1 / power(Interval(2, bits), log2_eta);
  IntervalMatrix w = enclosed(instance.w, bits);
  for (Index r = 0; r < instance.m(); ++r)
    for (Index l = 0; l < instance.d(); ++l)
      for (Index i = 0; i < instance.n(); ++i) {
        const Interval& q = at.q(i, at.neurons.column_of[static_cast<std::size_t>(r)]);
        const Interval g = (static_cast<int>(instance.a(r, l)) - at.p(l, i)) * q;
        for (Index k = 0; k < instance.d_in(); ++k) w(r, k) -= eta * e(l, i) * g * Interval(instance.x(i, k), 53);
      }
  const auto after = plain_outputs(instance, w, IntervalMatrix(w.rows(), w.cols()));
  Interval sum;
  for (Index u = 0; u < h.rows(); ++u) {
    Interval row = after[static_cast<std::size_t>(u)].value - at.p(u / instance.n(), u % instance.n()) * at.m;
    for (Index v = 0; v < h.cols(); ++v) row += eta * at.m * h(u, v) * e(v / instance.n(), v % instance.n());
    sum += sqr(row);
  }
  return sqrt(sum);
}

TEST_CASE("a gradient step moves F by -eta m H e up to second order, and at paired weights up to third") {
  for (const Pairing pairing : {Pairing::unpaired, Pairing::paired})
    for (const Shape& shape : {Shape{2, 2, 2, 4}, Shape{3, 2, 1, 6}, Shape{1, 3, 3, 8}}) {
      CAPTURE(shape.m);
      Random random(17);
      const Instance instance = random_instance(random, shape, pairing, 1);
      const Interval ratio = step_remainder(instance, 60, 512) / step_remainder(instance, 61, 512);
      const double order = pairing == Pairing::paired ? 8 : 4;
      CHECK(certainly_less(ratio, Interval(order * 1.0001, 64)));
      CHECK(certainly_less(Interval(order * 0.9999, 64), ratio));
    }
}

TEST_CASE("a paired network has F = 0 exactly, at any precision") {
  Random random(3);
  for (const Bits bits : {2, 53, 128}) {
    const Instance instance = random_instance(random, {3, 2, 3, 8}, Pairing::paired, 3);
    const Forward at = forward_pass(instance.x, instance.w, instance.a, bits);
    CHECK(at.neurons.paired);
    for (const Interval& p : at.p.entries()) CHECK((p.is_point() && p.contains_zero()));
    const IntervalMatrix e = residual(at, instance.y);
    for (Index l = 0; l < 3; ++l)
      for (Index i = 0; i < 3; ++i) CHECK((e(l, i).is_point() && e(l, i).contains(-instance.y(i, l))));
  }
}

TEST_CASE("the q of a sample sum to m, and each lies between 0 and m") {
  for_each_network(4, [](const Instance& instance) {
    const Forward at = forward_pass(instance.x, instance.w, instance.a, 64);
    for (Index i = 0; i < instance.n(); ++i) {
      Interval sum;
      for (Index c = 0; c < at.neurons.columns(); ++c) {
        sum += at.q(i, c) * at.neurons.multiplicity[static_cast<std::size_t>(c)];
        REQUIRE(certainly_nonnegative(at.q(i, c)));
      }
      REQUIRE(sum.contains(static_cast<double>(instance.m())));
    }
  });
}

TEST_CASE("H is exactly symmetric") {
  for_each_network(2, [](const Instance& instance) {
    const IntervalMatrix h = kernel_of(instance, 64);
    for (Index u = 0; u < h.rows(); ++u)
      for (Index v = 0; v < h.cols(); ++v) REQUIRE(same(h(u, v), h(v, u)));
  });
}

TEST_CASE("a shift common to all neurons changes nothing") {
  Random random(5);
  Instance instance = random_instance(random, {2, 2, 2, 6}, Pairing::mixed, 1);
  instance.w = (instance.w * 1024).array().round() / 1024;  // sums with the shift are exact
  RealMatrix shifted = instance.w;
  shifted.rowwise() += Eigen::RowVector2d(3.25, -700.5);
  CHECK(overlap(kernel_of(instance), kernel_of(instance, shifted, kBits)));
  // At the precision of a double too, although the logits are near 1000 now.
  CHECK(widest(kernel_of(instance, shifted, 64)) < 1e-10);
  CHECK(overlap(kernel_of(instance, 64), kernel_of(instance, shifted, 64)));
}

TEST_CASE("large logits neither overflow nor lose the enclosure") {
  for (const double scale : {1e3, 1e5, 1e150, 5e307}) {
    CAPTURE(scale);
    Random random(6);
    const Instance instance = random_instance(random, {2, 2, 1, 4}, Pairing::unpaired, scale);
    const IntervalMatrix h = kernel_of(instance, 1200);
    CHECK(overlap(kernel_of(instance, 128), h));
    for (const Interval& entry : h.entries()) CHECK(entry.is_finite());
    CHECK(widest(h) < 1e-20);
    if (scale < 1e6) {
      const IntervalMatrix g = plain_g(instance, instance.w, 1200);
      CHECK(overlap(h, plain_product(instance, g, g, 1200)));
    }
  }
}

TEST_CASE("the order of samples, outputs and neurons does not matter") {
  Random random(7);
  const Instance instance = random_instance(random, {3, 2, 2, 5}, Pairing::mixed, 2);
  const IntervalMatrix h = kernel_of(instance);
  Instance samples = instance, outputs = instance, neurons = instance;
  for (Index i = 0; i < 3; ++i) samples.x.row(i) = instance.x.row((i + 1) % 3);
  for (Index l = 0; l < 2; ++l) outputs.a.col(l) = instance.a.col(1 - l);
  for (Index r = 0; r < 5; ++r) {
    neurons.w.row(r) = instance.w.row((3 * r + 1) % 5);
    neurons.a.row(r) = instance.a.row((3 * r + 1) % 5);
  }
  const IntervalMatrix by_samples = kernel_of(samples), by_outputs = kernel_of(outputs);
  for (Index u = 0; u < 6; ++u)
    for (Index v = 0; v < 6; ++v) {
      const auto rotated = [](Index k) { return k / 3 * 3 + (k % 3 + 1) % 3; };
      const auto exchanged = [](Index k) { return (k + 3) % 6; };
      CHECK(overlap(by_samples(u, v), h(rotated(u), rotated(v))));
      CHECK(overlap(by_outputs(u, v), h(exchanged(u), exchanged(v))));
    }
  CHECK(overlap(kernel_of(neurons), h));
}

TEST_CASE("H is homogeneous of degree 2 in a sign flip of an output, of degree 0 of all neurons' signs") {
  Random random(8);
  const Instance instance = random_instance(random, {2, 2, 2, 6}, Pairing::unpaired, 2);
  Instance flipped = instance, all = instance;
  flipped.a.col(0) = -instance.a.col(0);
  all.a = -instance.a;
  const IntervalMatrix h = kernel_of(instance), one = kernel_of(flipped);
  CHECK(overlap(kernel_of(all), h));
  for (Index u = 0; u < 4; ++u)
    for (Index v = 0; v < 4; ++v) CHECK(overlap(one(u, v), u / 2 == v / 2 ? h(u, v) : -h(u, v)));
}

TEST_CASE("the limit kernel is <x,x'> exp(sigma^2 <x,x'>), and wide paired networks come near it") {
  const RealMatrix x{{0.5, 0.25}, {-0.5, 0.75}};
  const IntervalMatrix k = limit_kernel(input_gram(x, kBits), Interval(1.5, kBits));
  const auto entry = [](double inner) { return Interval(inner, kBits) * exp(Interval(2.25 * inner, kBits)); };
  CHECK(overlap(k(0, 0), entry(0.3125)));
  CHECK(overlap(k(1, 1), entry(0.8125)));
  CHECK(overlap(k(0, 1), entry(-0.0625)));
  CHECK(same(k(0, 1), k(1, 0)));
  CHECK(widest(k) < 1e-50);
  Instance wide;
  InstanceRequest request;
  request.n = 2, request.d_in = 2, request.d = 2, request.m = 8192, request.sigma = 0.5;
  wide = make_instance(request);
  const IntervalMatrix h = kernel_of(wide, 53);
  const IntervalMatrix limit = limit_kernel(input_gram(wide.x, 53), Interval(0.5, 53));
  for (Index u = 0; u < 4; ++u)  // evidence only: the distance is random, of order m^-1/2
    for (Index v = 0; v < 4; ++v)
      CHECK(std::abs(h(u, v).approx_double() - (u / 2 == v / 2 ? limit(u % 2, v % 2).approx_double() : 0)) < 0.1);
}

TEST_CASE("the largest logit is the largest |<w_r, x_i>|") {
  Instance instance;
  instance.x = RealMatrix{{1, 0}, {0.5, -0.5}};
  instance.w = RealMatrix{{1, 2}, {-3, 0.5}, {0, 5}};
  instance.a = SignMatrix{{1}, {1}, {-1}};
  const Forward at = forward_pass(instance.x, instance.w, instance.a, 64);
  CHECK(same(largest_logit(at), Interval(3, 64)));  // logits 1, -3, 0; -0.5, -1.75, -2.5
  CHECK(same(at.z(1, 2), Interval(-2.5, 64)));
}

TEST_CASE("shapes that do not fit are refused") {
  Random random(1);
  const Instance good = random_instance(random, {2, 2, 1, 4}, Pairing::unpaired, 1);
  CHECK_THROWS_AS(forward_pass(RealMatrix(2, 3), good.w, good.a, 64), std::invalid_argument);
  CHECK_THROWS_AS(forward_pass(RealMatrix(0, 2), good.w, good.a, 64), std::invalid_argument);
  CHECK_THROWS_AS(forward_pass(good.x, RealMatrix(3, 2), good.a, 64), std::invalid_argument);
  CHECK_THROWS_AS(forward_pass(good.x, RealMatrix(0, 2), SignMatrix(0, 1), 64), std::invalid_argument);
  const Forward at = forward_pass(good.x, good.w, good.a, 64);
  CHECK_THROWS_AS(kernel(at, IntervalMatrix(3, 3)), std::invalid_argument);
  CHECK_THROWS_AS(residual(at, RealMatrix(2, 2)), std::invalid_argument);
  CHECK_THROWS_AS(residual(at, RealMatrix(1, 1)), std::invalid_argument);
}

}  // namespace
}  // namespace assay

#include "descent/descent_run.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "enclosure/eigenvalue.hpp"
#include "network/kernel.hpp"
#include "plain_descent.hpp"
#include "support/networks.hpp"

using namespace assay;

namespace {

constexpr Bits kBits = 256;

Instance small_network(Pairing pairing, std::uint64_t seed) {
  Random random(seed);
  Instance instance = random_instance(random, {3, 2, 2, 20}, pairing, 1.5);
  instance.y = random_matrix(random, 3, 2, 0.7);
  return instance;
}

RunOptions options_for(const Instance& instance, double fraction, long steps) {
  const Forward at = forward_pass(instance.x, instance.w, instance.a, 64, 1, false);
  const Interval largest = enclose_lambda_max(kernel(at, input_gram(instance.x, 64)), 1e-3, 64) * instance.m();
  RunOptions options;
  options.eta = fraction / largest.approx_double();
  options.steps = steps;
  options.epsilon = Interval(1e-9, 53);
  return options;
}

DescentRun fast_run(const Instance& instance, const RunOptions& options) {
  return fast_descent(instance.x, instance.y, StoredNeurons(instance.w, instance.a), options);
}

/// The terms of the step from w to next, from their definition by sums over neurons.
FourTerms<Interval> plain_terms(const Instance& instance, const IntervalMatrix& w, const IntervalMatrix& next) {
  const PlainOutputs at = plain_outputs_at(instance, w), after = plain_outputs_at(instance, next);
  FourTerms<Interval> terms;
  const auto add_twice = [](Interval& sum, const Interval& e, const Interval& v) { sum += e * v * 2; };
  for (Index l = 0; l < instance.d(); ++l)
    for (Index i = 0; i < instance.n(); ++i) {
      Interval v0, v1, clean, output;
      const auto sample = static_cast<std::size_t>(i);
      for (Index r = 0; r < instance.m(); ++r) {
        const Interval omega = plain_logit(instance, next, i, r) - plain_logit(instance, w, i, r);
        const Interval weight = exp(plain_logit(instance, next, i, r));
        const int a = instance.a(r, l);
        v0 += (1 / after.alpha[sample] - 1 / at.alpha[sample]) * weight * a * instance.m();
        v1 += at.q(i, r) * omega * a;
        clean += at.q(i, r) * omega * (a - at.p(l, i));
      }
      const Interval &e = at.e(l, i), change = after.e(l, i) - e;
      add_twice(terms.c0, e, v0);
      add_twice(terms.c1, e, v1);
      add_twice(terms.c2, e, change - v0 - v1);
      add_twice(terms.clean_c1, e, clean);
      add_twice(terms.clean_c2, e, change - clean);
      terms.c3 += sqr(change);
      terms.squared_linear += sqr(e + clean);
      terms.squared_remainder += sqr(change - clean);
      terms.squared_residual += sqr(e);
    }
  return terms;
}

constexpr Interval FourTerms<Interval>::*kTerms[] = {&FourTerms<Interval>::c0,
                                                     &FourTerms<Interval>::c1,
                                                     &FourTerms<Interval>::c2,
                                                     &FourTerms<Interval>::c3,
                                                     &FourTerms<Interval>::clean_c1,
                                                     &FourTerms<Interval>::clean_c2,
                                                     &FourTerms<Interval>::squared_linear,
                                                     &FourTerms<Interval>::squared_remainder,
                                                     &FourTerms<Interval>::squared_residual};

/// Every fact of the run contains the exact one, and the terms add up.
void check_run(const DescentRun& run, const Instance& instance, double slack) {
  IntervalMatrix w = exactly(instance.w, kBits);
  for (std::size_t tau = 0; tau < run.steps.size(); ++tau) {
    CAPTURE(tau);
    const RunStep& step = run.steps[tau];
    const PlainOutputs at = plain_outputs_at(instance, w);
    CHECK(step.squared_residual.contains(sqr(frobenius_norm(at.e))));
    CHECK(step.largest_move.contains(largest_row_distance(w, exactly(instance.w, kBits))));
    if (tau == run.terms.size()) break;
    const IntervalMatrix next = plain_step(instance, w, run.eta);
    const FourTerms<Interval> exact = plain_terms(instance, w, next), &terms = run.terms[tau];
    for (const auto term : kTerms) {
      CHECK((terms.*term).contains(exact.*term));
      CHECK((terms.*term - exact.*term).upper_double() < slack);
    }
    const Interval sum = step.squared_residual + terms.c0 + terms.c1 + terms.c2 + terms.c3;
    CHECK(overlap(sum, run.steps[tau + 1].squared_residual));
    w = next;
  }
}

}  // namespace

TEST_CASE("runs in both tiers contain the exact loss, moves and terms") {
  for (const Pairing pairing : {Pairing::unpaired, Pairing::mixed, Pairing::paired}) {
    const Instance instance = small_network(pairing, 3);
    const RunOptions options = options_for(instance, 0.3, 12);
    const DescentRun fast = fast_run(instance, options), deep = deep_descent(instance, options, 128);
    CHECK(fast.steps.size() == 13);
    CHECK(deep.steps.size() == 13);
    CHECK(fast.reason.empty());
    check_run(fast, instance, 1e-7);
    check_run(deep, instance, 1e-25);
  }
}

TEST_CASE("the eigenvalues along a run are those of the kernel there") {
  const Instance instance = small_network(Pairing::unpaired, 4);
  const RunOptions options = options_for(instance, 0.3, 3);
  Orbit orbit(instance.x, instance.y, StoredNeurons(instance.w, instance.a), options.eta, 1);
  const DescentRun fast = fast_run(instance, options), deep = deep_descent(instance, options, 64);
  for (std::size_t tau = 0; tau < fast.steps.size(); ++tau, orbit.step()) {
    const Forward at = forward_pass(instance.x, orbit.weights(), instance.a, 128, 1, false);
    const IntervalMatrix h = kernel(at, input_gram(instance.x, 128));
    const Interval least = enclose_lambda_min(h, 0, 128), most = enclose_lambda_max(h, 0, 128);
    for (const DescentRun* run : {&fast, &deep}) {
      CHECK(overlap(run->steps[tau].lambda_min, least));
      CHECK(run->steps[tau].lambda_max.contains(most));
      CHECK(run->steps[tau].lambda_max.relative_width() < 1e-5);
    }
  }
}

TEST_CASE("a run ends where the loss is certainly small enough, or says why it ended before") {
  const Instance instance = small_network(Pairing::paired, 5);
  RunOptions options = options_for(instance, 0.5, 400);
  options.epsilon = Interval(0.05, 53);
  for (const DescentRun& run : {fast_run(instance, options), deep_descent(instance, options, 64)}) {
    CHECK(run.reached);
    CHECK(run.steps.size() < 400);
    CHECK(certainly_less_equal(run.steps.back().squared_residual, options.epsilon));
    CHECK(!certainly_less_equal(run.steps[run.steps.size() - 2].squared_residual, options.epsilon));
  }
  options.eta *= 40;
  const DescentRun wild = fast_run(instance, options);
  CHECK(!wild.reason.empty());
  CHECK(!wild.reached);
}

TEST_CASE("an interrupted run goes on from its checkpoint and gives the same, bit for bit") {
  const Instance instance = small_network(Pairing::paired, 6);
  RunOptions options = options_for(instance, 0.3, 20);
  options.epsilon = Interval(1e-30, 53);
  const DescentRun whole = fast_run(instance, options);
  const std::string file = (std::filesystem::temp_directory_path() / "assay_test_descent.part").string();
  std::filesystem::remove(file);
  options.checkpoint = file;
  options.seconds_between_checkpoints = 0;
  options.progress = [](double done) {
    if (done > 0.5) throw std::runtime_error("interrupted");
  };
  CHECK_THROWS_AS(fast_run(instance, options), std::runtime_error);
  REQUIRE(std::filesystem::exists(file));
  int looks = 0;
  options.progress = [&](double) { ++looks; };
  const DescentRun resumed = fast_run(instance, options);
  CHECK(looks < 12);
  CHECK(!std::filesystem::exists(file));
  REQUIRE(resumed.terms.size() == whole.terms.size());
  const auto same = [](const Interval& a, const Interval& b) { return a.contains(b) && b.contains(a); };
  for (std::size_t tau = 0; tau < whole.terms.size(); ++tau) {
    CHECK(same(resumed.steps[tau + 1].squared_residual, whole.steps[tau + 1].squared_residual));
    CHECK(same(resumed.steps[tau + 1].lambda_min, whole.steps[tau + 1].lambda_min));
    for (const auto term : kTerms) CHECK(same(resumed.terms[tau].*term, whole.terms[tau].*term));
  }
}

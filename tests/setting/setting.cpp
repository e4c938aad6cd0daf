#include "setting/setting.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "data/csv.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/ball.hpp"
#include "setting/evaluation.hpp"
#include "support/exact.hpp"
#include "support/networks.hpp"
#include "support/plain.hpp"
#include "support/scratch.hpp"

namespace assay {
namespace {

Instance some_instance(std::uint64_t seed = 1, const Shape& shape = {3, 2, 2, 10}) {
  Random random(seed);
  Instance instance = random_instance(random, shape, Pairing::paired, 1);
  instance.sigma = 1;
  return instance;
}

Setting setting_of(const Instance& instance, const Hyperparameters& hyper = {}) {
  return Setting(instance, hyper, Constants(), 2);
}

std::string complaint(const Hyperparameters& hyper) {
  try {
    setting_of(some_instance(), hyper);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

Hyperparameters with_delta(const char* text) {
  return {Decimal(text), Decimal("0.01"), Decimal("0.005")};
}
Hyperparameters with_epsilon(const char* text) {
  return {Decimal("0.1"), Decimal(text), Decimal("0.005")};
}
Hyperparameters with_radius(const char* text) {
  return {Decimal("0.1"), Decimal("0.01"), Decimal(text)};
}

TEST_CASE("hyperparameters out of range are refused by their names") {
  for (const std::string bad : {"0", "1", "-0.1", "2", "-1e-400", "1e400"})
    CHECK(complaint(with_delta(bad.c_str())) == "delta: expected a probability in (0, 1), found " + bad);
  for (const char* good : {"1e-400", "1/3", "0.999999999999999999999999999999999999999"})
    CHECK(complaint(with_delta(good)) == "no complaint");
  for (const std::string bad : {"0", "-1"})
    CHECK(complaint(with_epsilon(bad.c_str())) == "epsilon: expected a positive number, found " + bad);
  CHECK(complaint(with_epsilon("1e-400")) == "no complaint");
  CHECK(complaint(with_radius("-1e-400")) == "radius: expected R >= 0, found -1e-400");
  CHECK(complaint(with_radius("0")) == "no complaint");
}

TEST_CASE("lambda_min is never negative, and 0 exactly for data that are degenerate for certain") {
  for (std::uint64_t seed = 1; seed <= random_cases(12); ++seed) {
    CAPTURE(seed);
    Random random(seed);
    Instance instance = some_instance(seed, {random.integer(1, 3), 2, random.integer(1, 2), 2 * random.integer(1, 5)});
    for (const Bits bits : {24, 64, 128}) {
      const Interval lambda = setting_of(instance).lambda_min(Level(bits));
      CHECK(certainly_nonnegative(lambda));
      const Forward at = forward_pass(instance.x, instance.w, instance.a, 256);
      CHECK(overlap(lambda, enclose_lambda_min(kernel(at, input_gram(instance.x, 256)), 1e-30, 256)));
    }
  }
  Instance zero = some_instance(), repeated = zero;
  zero.x.row(0).setZero();
  repeated.x.row(2) = repeated.x.row(0);
  for (const Instance& instance : {zero, repeated, some_instance(1, {3, 1, 2, 4})}) {
    const Interval lambda = setting_of(instance).lambda_min(Level(64));
    CHECK(lambda.is_point());
    CHECK(lambda.contains(0.0));
  }
}

TEST_CASE("what a setting holds is what the network functions give, at each precision") {
  const Instance instance = some_instance();
  const Setting setting = setting_of(instance, with_radius("0.3"));
  for (const Bits bits : {64, 128}) {
    const Forward at = forward_pass(instance.x, instance.w, instance.a, bits);
    const IntervalMatrix gram = input_gram(instance.x, bits), h = kernel(at, gram);
    const BallRanges ranges = ball_ranges(at, instance.x, Decimal("0.3").at(bits));
    CHECK(overlap(setting.gram(bits), gram));
    CHECK(overlap(setting.forward(bits).q, at.q));
    CHECK(overlap(setting.kernel(bits), h));
    CHECK(&setting.kernel(bits) == &setting.kernel(bits));  // computed once
    CHECK(overlap(setting.kernel_change(bits).entrywise, kernel_change(at, ranges, gram).entrywise));
    CHECK(overlap(setting.kernel_change(bits).theta, kernel_change(at, ranges, gram).theta));
    CHECK(overlap(setting.lambda_max(Level(bits)), enclose_lambda_max(h, 1e-9, bits)));
    CHECK(setting.kernel(bits)(0, 0).bits() >= bits);
    const Forward bad = forward_pass(instance.x, setting.worst_weights(), instance.a, bits);
    CHECK(overlap(setting.worst_kernel(bits), kernel(bad, gram)));
    CHECK(overlap(setting.worst_forward(bits).q, bad.q));
  }
  CHECK(certainly_less(setting.kernel(128)(0, 0) - setting.kernel(128)(0, 0), Interval(1e-30, 64)));
}

TEST_CASE("the inputs of the closed forms") {
  const Setting setting = setting_of(some_instance());
  const BoundInputs in = setting.bound_inputs(Level(128), true), plain = setting.bound_inputs(Level(128));
  CHECK(in.n.contains(3.0));
  CHECK(in.d.contains(2.0));
  CHECK(in.sigma.contains(1.0));
  CHECK(overlap(in.delta, Interval::ratio(1, 10, 256)));
  CHECK(overlap(in.epsilon, Interval::ratio(1, 100, 256)));
  CHECK(overlap(in.radius, Interval::ratio(1, 200, 256)));
  CHECK(overlap(in.lambda, setting.lambda_min(Level(256))));
  CHECK(same(plain.lambda, Interval(1, 64)));
  CHECK(overlap(sqr(in.initial_error), Interval(3, 64)));
  CHECK(overlap(setting.closed_forms(Level(128)).log_term(), log(Interval(60, 256))));
  CHECK(setting.pairs(64).contains(5.0));
  Instance unknown = some_instance();
  unknown.sigma.reset();
  CHECK_THROWS_AS(setting_of(unknown).sigma(64), std::logic_error);
}

TEST_CASE("the probability of the event: m/2 independent pairs of the rows of X") {
  Instance instance = some_instance(1, {1, 2, 2, 6});
  instance.x << 0.375, -0.5;  // norm 5/8
  instance.sigma = 2;
  const Setting setting = setting_of(instance);
  const Interval tail = erfc(Interval(2, 256) / (Interval(1.25, 256) * sqrt(Interval(2, 256))));
  CHECK(overlap(setting.event_failure_of_pair(Interval(2, 128), 128), tail));
  const Interval three = setting.event_failure(Interval(2, 128), setting.pairs(128), 128);
  CHECK(overlap(three, 1 - power(1 - tail, 3)));
  CHECK(three.relative_width() < 1e-30);
}

TEST_CASE("at an odd width the vector without a partner counts as a pair, and no even width is a half of one") {
  Instance odd = some_instance(1, {1, 2, 2, 6});
  odd.w = RealMatrix(odd.w.topRows(5));
  odd.a = decltype(odd.a)(odd.a.topRows(5));
  CHECK(same(setting_of(odd).pairs(64), Interval(3, 64)));
  CHECK(pairs_at_least(Interval(6.5, 64)).contains(4.0));  // 8 is the least even width that is not below
  CHECK(pairs_at_least(Interval(8, 64)).contains(4.0));
}

TEST_CASE("the file with the bad weights reproduces them") {
  const Scratch scratch;
  const Instance instance = some_instance();
  Setting setting = setting_of(instance, with_radius("0.3"));
  CHECK_FALSE(setting.worst_weights_file());
  CHECK(scratch.files() == 0);
  setting.write_counterexamples_to(scratch.path("small"));
  const auto file = setting.worst_weights_file();
  REQUIRE(file);
  CHECK(*file == scratch.path("small_w_tilde.csv"));
  CHECK(read_csv(*file, false) == setting.worst_weights());
  std::filesystem::remove(*file);
  CHECK(setting.worst_weights_file() == file);
  CHECK(scratch.files() == 0);  // written when first asked for, not again
  for (Index r = 0; r < instance.m(); ++r)
    CHECK(certainly_inside(setting.worst_weights(), instance.w, r, Decimal("0.3").at(256).lower()));
}

TEST_CASE("evaluate at the file of bad weights agrees with the setting") {
  const Scratch scratch;
  Setting setting = setting_of(some_instance(), with_radius("0.1"));
  setting.write_counterexamples_to(scratch.path("w"));
  const RealMatrix w_tilde = read_csv(*setting.worst_weights_file(), false);
  Setting again = setting_of(some_instance());
  again.use_w_tilde(w_tilde, "");
  const Evaluation evaluation = evaluate(again, 1e-20, {}, [](const std::string&) {});
  CHECK(evaluation.reached);
  const IntervalMatrix change = setting.worst_kernel(128) - setting.kernel(128);
  int compared = 0;
  for (const auto& [key, value] : evaluation.quantities) {
    const std::string& name = key;
    CAPTURE(name);
    CHECK(value.relative_width() <= 1e-20);
    if (name == "perturbation_F") compared += overlap(value, frobenius_norm(change));
    if (name == "perturbation_2") compared += overlap(value, enclose_spectral_norm(change, 1e-9, 128));
    if (name == "lambda_min_H_tilde")
      compared += overlap(value, enclose_lambda_min(setting.worst_kernel(128), 1e-9, 128));
    if (name == "lambda_min_H") compared += overlap(value, setting.lambda_min(Level(128)));
    if (name == "lambda_max_H") compared += overlap(value, setting.lambda_max(Level(128)));
  }
  CHECK(compared == 5);
}

TEST_CASE("weights that the user gives take the place of the search, and their file is named") {
  const Instance instance = some_instance();
  Setting setting = setting_of(instance);
  RealMatrix other = instance.w;
  other(0, 0) += 0.001;
  setting.use_w_tilde(other, "mine.csv");
  CHECK(setting.worst_weights() == other);
  CHECK(setting.worst_weights_file() == "mine.csv");
  CHECK(setting.has_user_w_tilde());
  CHECK_THROWS_WITH_AS(setting.use_w_tilde(RealMatrix(2, 2), ""), "W~ is 2 x 2, expected the shape of W, 10 x 2",
                       std::invalid_argument);
}

TEST_CASE("evaluate: quantities, degenerate data, unreached widths") {
  const auto quiet = [](const std::string&) {};
  const auto names = [](const Evaluation& evaluation) {
    std::string all;
    for (const auto& [name, value] : evaluation.quantities) all += name + " ";
    return all;
  };
  Instance instance = some_instance();
  Evaluation found = evaluate(setting_of(instance), 1e-10, {}, quiet);
  CHECK(names(found) == "lambda_min_H lambda_max_H frobenius_H max_abs_logit max_mS residual_F lambda_min_K_inf ");
  CHECK(found.reached);
  CHECK(found.notes.empty());
  instance.sigma.reset();
  Setting still = setting_of(instance);
  still.use_w_tilde(instance.w, "");
  found = evaluate(still, 1e-10, {64, 128}, quiet);
  CHECK(names(found) ==
        "lambda_min_H lambda_max_H frobenius_H max_abs_logit max_mS residual_F perturbation_F perturbation_2 "
        "lambda_min_H_tilde residual_F_tilde ");
  CHECK_FALSE(found.reached);  // |H(W) - H(W)| = 0 is not proved
  CHECK(found.bits == 128);
  CHECK(found.notes.at(0).text() ==
        "perturbation_F: not separated from 0 at 128 bits, asked 1.0e-10: raise bits or rtol");
}

TEST_CASE("evaluate: an eigenvalue that is 0 for certain is 0 exactly, that of K_inf only where the data say so") {
  const auto value = [](const Instance& instance, const std::string& name) {
    for (const auto& [key, found] : evaluate(setting_of(instance), 1e-10, {}, [](const std::string&) {}).quantities)
      if (key == name) return found;
    return Interval::whole_line(64);
  };
  Instance repeated = some_instance();
  repeated.x.row(1) = repeated.x.row(0);
  CHECK(same(value(repeated, "lambda_min_H"), Interval()));
  CHECK(same(value(repeated, "lambda_min_K_inf"), Interval()));
  const Instance narrow = some_instance(1, {3, 2, 2, 2});
  CHECK(same(value(narrow, "lambda_min_H"), Interval()));
  CHECK(certainly_positive(value(narrow, "lambda_min_K_inf")));
}

}  // namespace
}  // namespace assay

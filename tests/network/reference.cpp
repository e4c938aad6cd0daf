// Three committed networks with values to 40 digits that another program computed.

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "data/csv.hpp"
#include "network/ball.hpp"
#include "network/search/adversary.hpp"
#include "setting/evaluation.hpp"
#include "support/exact.hpp"
#include "support/plain.hpp"

namespace assay {
namespace {

struct Reference {
  nlohmann::json expected;
  Instance instance;
  RealMatrix w_tilde;
};

Reference read_reference(const std::string& name) {
  const std::string folder = std::string(ASSAY_TEST_DATA) + "/reference/" + name + "/";
  Reference reference;
  reference.expected = nlohmann::json::parse(std::ifstream(folder + "expected.json"));
  InstanceRequest request;
  request.x_file = folder + "x.csv";
  request.y_file = folder + "y.csv";
  request.w_file = folder + "w.csv";
  request.a_file = folder + "a.csv";
  request.sigma = reference.expected["sigma"].get<double>();
  reference.instance = make_instance(request);
  reference.w_tilde = read_csv(folder + "wt.csv", false);
  return reference;
}

/// The numbers that are printed as `text`: within one unit of its last digit.
Interval printed(const std::string& text, Bits bits) {
  const auto e = text.find('e'), point = text.find('.');
  const std::string digits = text.substr(0, e);
  const long decimals = point == std::string::npos ? 0 : static_cast<long>(digits.size() - point) - 1;
  const long exponent = (e == std::string::npos ? 0 : std::stol(text.substr(e + 1))) - decimals;
  const Rational value = parse_exactly(text), unit = parse_exactly("1e" + std::to_string(exponent));
  return around(value - unit, value + unit, bits);
}

/// Enclosures of one number: each could hold what is printed, each could hold what the one before does, and they
/// shrink.
void check_ladder(const std::string& text, const std::vector<Interval>& ladder) {
  REQUIRE(ladder.size() == 3);
  for (const Interval& value : ladder) CHECK(overlap(value, printed(text, 1024)));
  CHECK(overlap(ladder[0], ladder[1]));
  CHECK(overlap(ladder[1], ladder[2]));
  CHECK(overlap(ladder[0], ladder[2]));
  const double widths[] = {ladder[0].relative_width(), ladder[1].relative_width(), ladder[2].relative_width()};
  CHECK(widths[0] < 1e-7);
  CHECK(widths[1] < 1e-26);
  CHECK(widths[2] < 1e-140);
}

constexpr Bits kLadder[] = {64, 128, 512};

TEST_CASE("scalars of the reference networks") {
  for (const char* name : {"small", "rectangular", "large_sigma"}) {
    CAPTURE(name);
    const Reference reference = read_reference(name);
    Setting setting(reference.instance, {}, Constants(), 2);
    setting.use_w_tilde(reference.w_tilde, "");
    std::map<std::string, std::vector<Interval>> values;
    for (const Bits bits : kLadder) {
      const Evaluation evaluation = evaluate(setting, 1e-150, {bits, bits}, [](const std::string&) {});
      for (const auto& [quantity, value] : evaluation.quantities) values[quantity].push_back(value);
    }
    int scalars = 0;
    for (const auto& [quantity, text] : reference.expected.items()) {
      const std::string& key = quantity;
      if (!text.is_string()) continue;
      CAPTURE(key);
      ++scalars;
      check_ladder(text.get<std::string>(), values[key]);
    }
    CHECK(scalars == 11);
    CHECK(values.size() == 11);
  }
}

TEST_CASE("entries of the reference networks: the first row of H, F at the other weights") {
  for (const char* name : {"small", "rectangular", "large_sigma"}) {
    CAPTURE(name);
    const Reference reference = read_reference(name);
    const Instance& instance = reference.instance;
    std::vector<IntervalMatrix> h, p;
    for (const Bits bits : kLadder) {
      h.push_back(kernel(forward_pass(instance.x, instance.w, instance.a, bits), input_gram(instance.x, bits)));
      p.push_back(forward_pass(instance.x, reference.w_tilde, instance.a, bits).p);
    }
    const auto& row = reference.expected["H_row0"];
    REQUIRE(static_cast<Index>(row.size()) == h[0].cols());
    for (std::size_t v = 0; v < row.size(); ++v) {
      const auto column = static_cast<Index>(v);
      check_ladder(row[v].get<std::string>(), {h[0](0, column), h[1](0, column), h[2](0, column)});
    }
    const auto& outputs = reference.expected["F_tilde"];  // one row per sample
    REQUIRE(static_cast<Index>(outputs.size()) == instance.n());
    for (Index i = 0; i < instance.n(); ++i)
      for (Index l = 0; l < instance.d(); ++l)
        check_ladder(outputs.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(l)).get<std::string>(),
                     {p[0](l, i) * instance.m(), p[1](l, i) * instance.m(), p[2](l, i) * instance.m()});
  }
}

TEST_CASE("the perturbed reference networks lie in their ball, and D1 bounds their kernels") {
  for (const char* name : {"small", "rectangular", "large_sigma"}) {
    CAPTURE(name);
    const Reference reference = read_reference(name);
    const Instance& instance = reference.instance;
    const Interval distance = largest_displacement(reference.w_tilde, instance.w, 128);
    CHECK(distance.upper_double() < 1.000001 * reference.expected["radius"].get<double>());
    const Forward at = forward_pass(instance.x, instance.w, instance.a, 128);
    const IntervalMatrix gram = input_gram(instance.x, 128);
    const KernelChange bound = kernel_change(at, ball_ranges(at, instance.x, distance.upper()), gram, 2);
    const Interval change = printed(reference.expected["perturbation_F"].get<std::string>(), 256);
    CHECK(certainly_less(change, frobenius_norm(bound.entrywise).upper()));
    const Interval norm = printed(reference.expected["perturbation_2"].get<std::string>(), 256);
    CHECK(certainly_less(norm, upper_spectral_norm(bound.entrywise).upper()));
  }
}

}  // namespace
}  // namespace assay

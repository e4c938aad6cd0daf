#include "app/closed_form_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "data/input_error.hpp"
#include "report/display.hpp"
#include "setting/hyperparameters.hpp"

namespace assay::app {
namespace {

constexpr Bits kBits = 256;

void require(bool satisfied, const char* option, const char* expected, const Decimal& value) {
  if (!satisfied) throw InputError(fmt::format("{}: expected {}, found {}", option, expected, value.text()));
}

/// An integer, whole powers of ten or of another integer among them; "2.50e1" is none of the ways in which people write
/// 25.
bool is_count(const Decimal& value) {
  constexpr std::string_view kDigits = "0123456789";
  const std::string& text = value.text();
  const auto sign = std::min(text.find_first_not_of(kDigits), text.size());
  const bool has_exponent = sign < text.size() && std::string_view("eE^").find(text[sign]) != std::string_view::npos;
  const auto exponent = sign + (has_exponent ? 1 : 0);
  return text.find_first_not_of(kDigits, exponent + (text.substr(exponent, 1) == "+" ? 1 : 0)) == std::string::npos &&
         certainly_positive(value.at(kBits));
}

void require_count(const char* option, const Decimal& value) {
  require(is_count(value), option, "a positive integer such as 12, 1e6 or 2^20", value);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> input_texts(const ClosedFormInputs& inputs) {
  const Interval rkhs = inputs.score_inputs(kBits).rkhs_radius;
  const std::string rkhs_default = rkhs.is_point() ? display(rkhs, 12) : "100 d c_Lambda^2";
  return {{"n", inputs.n.text()},
          {"d", inputs.d.text()},
          {"d_in", inputs.d_in.value_or(inputs.d).text()},
          {"sigma", inputs.sigma.text()},
          {"delta", inputs.delta.text()},
          {"epsilon", inputs.epsilon.text()},
          {"lambda", inputs.computed_lambda ? display(*inputs.computed_lambda, 12) : inputs.lambda.text()},
          {"C", inputs.constants["e0.C"].value.text()},
          {"radius", inputs.radius.value_or(inputs.constants["e1.radius_max"].value).text()},
          {"rkhs_radius", inputs.rkhs_radius ? inputs.rkhs_radius->text() : rkhs_default},
          {"early_stopping", inputs.early_stopping.text()}};
}

BoundInputs ClosedFormInputs::bound_inputs(Bits bits) const {
  const Interval count = n.at(bits);
  return {count,
          d.at(bits),
          sigma.at(bits),
          delta.at(bits),
          epsilon.at(bits),
          lambda_at(bits),
          radius ? radius->at(bits) : constants.at("e1.radius_max", bits),
          sqrt(count)};
}

ScoreInputs ClosedFormInputs::score_inputs(Bits bits) const {
  const Interval rkhs = rkhs_radius ? rkhs_radius->at(bits) : 100 * d.at(bits) * sqr(constants.at("e6.c_Lambda", bits));
  return {n.at(bits), d.at(bits), lambda_at(bits), delta.at(bits), rkhs, early_stopping.at(bits)};
}

void require_valid(const ClosedFormInputs& inputs) {
  const auto require_in = [](const Range& range, const char* option, const Decimal& value) {
    require(range.contains(value), option, range.expected, value);
  };
  require_count("--n", inputs.n);
  require_count("--d", inputs.d);
  if (inputs.d_in) require_count("--d-in", *inputs.d_in);
  require_in(kPositive, "--sigma", inputs.sigma);
  require_in(kPositive, "--epsilon", inputs.epsilon);
  require_in(kPositive, "--lambda", inputs.lambda);
  require_in(kProbability, "--delta", inputs.delta);
  if (inputs.radius) require_in(kRadius, "--radius", *inputs.radius);
  require(range::is_nonnegative(inputs.early_stopping), "--early-stopping", "a number >= 0", inputs.early_stopping);
  const ScoreInputs score = inputs.score_inputs(kBits);
  const Interval least = sqr(inputs.constants.at("e6.c_Lambda", kBits)) * score.d;
  if (!certainly_less(least, score.rkhs_radius))
    throw InputError(fmt::format("--rkhs-radius: expected R_H above Lambda^2 = c_Lambda^2 d = {}, found {}",
                                 display(least), display(score.rkhs_radius)));
}

}  // namespace assay::app

#include "app/such_that.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "app/value.hpp"
#include "data/input_error.hpp"
#include "data/message.hpp"

namespace assay::app {
namespace {

struct ShortName {
  std::string_view typed, bound;
};
constexpr std::array<ShortName, 8> kShortNames{{{"T", "T_hat"},
                                                {"R", "R_convex"},
                                                {"R_max", "R_perturbation_max"},
                                                {"perturbation", "perturbation_bound"},
                                                {"Gamma", "Gamma_delta"},
                                                {"A", "A_RH"},
                                                {"score", "score_bound"},
                                                {"C_min", "C_consistent_min"}}};

constexpr const char* kConditionForms = "a condition such as 'm<=1e9', 'R_convex>=1e-6', 'm<=m_break' or 'event'";

struct Sign {
  std::string_view text;
  Relation relation;
};
constexpr std::array<Sign, 4> kSigns{
    {{"<=", Relation::less_equal}, {">=", Relation::greater_equal}, {"<", Relation::less}, {">", Relation::greater}}};

std::string without_blanks(const std::string& text) {
  std::string result = text;
  std::erase_if(result, [](char c) { return c == ' ' || c == '\t'; });
  return result;
}

bool begins_a_number(const std::string& text) {
  return !text.empty() && std::string_view("0123456789.+-").find(text.front()) != std::string_view::npos;
}

std::string searched_bound(std::string_view option, const std::string& name) {
  const std::string bound = bound_named(option, name);
  if (bound == "C_consistent_min")
    throw InputError(
        fmt::format("{}: C_consistent_min is the end of a search itself: ask --solve C --such-that event", option));
  return bound;
}

}  // namespace

std::string bound_named(std::string_view option, const std::string& name) {
  std::string wanted = name;
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  for (const ShortName& row : kShortNames)
    if (row.typed == wanted) return std::string(row.bound);
  const std::vector<std::string>& names = names_of_elastic_bounds();
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
  std::string listed;
  for (const std::string& each : names) listed += (listed.empty() ? "" : ", ") + each;
  throw InputError(fmt::format("{}: unknown bound {}; expected one of {}", option, shown(name), listed));
}

SuchThat such_that(std::string_view option, const std::string& text) {
  const std::string condition = without_blanks(text);
  if (condition == "event")
    return {
        "m", Relation::less_equal, "m_break", {}, "m <= m_break (the event is not contradicted at the real number m)"};
  for (const Sign& sign : kSigns) {
    const auto at = condition.find(sign.text);
    if (at == std::string::npos) continue;
    const std::string left = condition.substr(0, at), right = condition.substr(at + sign.text.size());
    if (left.empty() || right.empty()) break;
    SuchThat result{searched_bound(option, left), sign.relation, "", {}, ""};
    if (begins_a_number(right))
      result.number = decimal(option, right);
    else
      result.other_bound = searched_bound(option, right);
    result.words = fmt::format("{} {} {}", result.bound, sign.text,
                               result.other_bound.empty() ? result.number.text() : result.other_bound);
    return result;
  }
  throw InputError(fmt::format("{}: expected {}, found {}", option, kConditionForms, shown(text)));
}

namespace {

struct TwoBounds {
  ElasticBound left, right;
};

class OnOneVariable {
 public:
  OnOneVariable(const ClosedFormInputs& inputs, const Variable& variable, const SuchThat& such_that, Bits limit)
      : inputs_(inputs), variable_(variable), such_that_(such_that), limit_(limit) {}

  /// With more and more bits until it is decided.
  Truth at(const Decimal& value) const {
    Truth truth = Truth::open;
    refine({kStart, limit_, Tier::deep}, [&](Level level) {
      truth = truth_of(sides(value.at(level.bits), level.bits));
      return truth != Truth::open;
    });
    return truth;
  }

  Condition::Over over(const Decimal& from, const Decimal& to) const {
    const TwoBounds both = sides(hull(from.at(kStart), to.at(kStart)), kStart);
    return {truth_of(both), change_of(both)};
  }

 private:
  static constexpr Bits kStart = 128;

  TwoBounds sides(const Interval& values, Bits bits) const {
    const VariedInputs inputs = varied_inputs(inputs_, variable_, values, bits);
    const ElasticBound left = elastic_bound(such_that_.bound, inputs_.constants, inputs);
    if (such_that_.other_bound.empty()) return {left, {Elastic::constant(such_that_.number.at(bits))}};
    return {left, elastic_bound(such_that_.other_bound, inputs_.constants, inputs)};
  }

  Truth truth_of(const TwoBounds& sides) const {
    if (sides.left.is_undefined || sides.right.is_undefined) return Truth::undefined;
    if (!sides.left.bound || !sides.right.bound) return Truth::open;
    switch (decide(sides.left.bound->value, such_that_.relation, sides.right.bound->value)) {
      case Verdict::holds:
        return Truth::holds;
      case Verdict::fails:
        return Truth::fails;
      default:
        return Truth::open;
    }
  }

  Change change_of(const TwoBounds& sides) const {
    if (!sides.left.bound || !sides.right.bound) return Change::any;
    const Elastic &left = *sides.left.bound, &right = *sides.right.bound;
    if (!certainly_nonnegative(left.value) || !certainly_positive(right.value)) return Change::any;
    const Interval elasticity = left.elasticity - right.elasticity;
    const bool rises = certainly_nonnegative(elasticity), falls = certainly_nonnegative(-elasticity);
    if (!rises && !falls) return Change::any;
    const bool is_upper_limit = such_that_.relation == Relation::less_equal || such_that_.relation == Relation::less;
    return rises == is_upper_limit ? Change::only_to_fails : Change::only_to_holds;
  }

  ClosedFormInputs inputs_;
  Variable variable_;
  SuchThat such_that_;
  Bits limit_;
};

}  // namespace

Condition condition_on(const ClosedFormInputs& inputs, const Variable& variable, const SuchThat& such_that,
                       Bits limit) {
  const OnOneVariable on(inputs, variable, such_that, limit);
  return {[on](const Decimal& value) { return on.at(value); },
          [on](const Decimal& from, const Decimal& to) { return on.over(from, to); }};
}

}  // namespace assay::app

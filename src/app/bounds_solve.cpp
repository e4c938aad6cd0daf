#include "app/bounds_solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/closed_form_report.hpp"
#include "data/input_error.hpp"
#include "enclosure/numeral.hpp"

namespace assay::app {
namespace {

void require_integers(const Between& range) {
  for (const Decimal& end : {range.lo, range.hi}) {
    const auto value = integer_of(end);
    if (!value || *value > std::int64_t{1} << 62)
      throw InputError(fmt::format("--between: expected integers of at most 2^62, found {}", end.text()));
  }
}

/// Both ends have to be values that the variable may have; everything between them is one too.
void require_in_range(const Variable& variable, const Between& range, const ClosedFormInputs& inputs) {
  constexpr Bits kBits = 256;
  for (const Decimal& end : {range.lo, range.hi}) {
    if (!certainly_nonnegative(end.at(kBits)))
      throw InputError(fmt::format("--between: expected numbers >= 0, found {}", end.text()));
    ClosedFormInputs at_end = inputs;
    set(at_end, variable, end);
    try {
      require_valid(at_end);
    } catch (const InputError& error) {
      throw InputError(fmt::format("--between: {}", error.what()));
    }
  }
}

/// lambda of rows that would be others, or have another kernel, at every value of the variable.
void require_fixed_lambda(const Variable& variable, const KernelLambda& lambda) {
  if (!lambda.is_asked_for()) return;
  const char* rows = lambda.has_file() ? "--x" : "--drawn-x";
  for (const char* name : {"n", "d_in", "sigma", "lambda"})
    if (variable.name == name)
      throw InputError(fmt::format(
          "--solve {}: lambda would change with it in no closed form, as it comes from {}: give --lambda, or use --vary",
          name, rows));
  if (variable.name == "d" && !lambda.has_file())
    throw InputError("--solve d: the drawn rows have as many columns: give --d-in beside --drawn-x");
}

/// "m never falls as n grows"; empty where nothing like that is proved.
std::string reason(const SuchThat& condition, Change change, const std::string& variable) {
  if (change == Change::any) return "";
  const bool is_upper = condition.relation == Relation::less_equal || condition.relation == Relation::less;
  const bool rises = is_upper == (change == Change::only_to_fails);
  const std::string what =
      condition.other_bound.empty() ? condition.bound : condition.bound + "/" + condition.other_bound;
  return fmt::format("{} never {} as {} grows", what, rises ? "falls" : "rises", variable);
}

class Answering {
 public:
  Answering(const InverseQuestion& question, const ClosedFormInputs& inputs, const Precision& precision)
      : question_(question), inputs_(inputs), precision_(precision) {}

  InverseAnswer answer() const {
    InverseAnswer answer;
    answer.variable = question_.variable.name;
    answer.variable_words = question_.variable.words;
    answer.numbers = question_.variable.is_count ? Numbers::integers : Numbers::reals;
    answer.lo = question_.lo;
    answer.hi = question_.hi;
    std::vector<Solution> solutions;
    for (const SuchThat& condition : question_.conditions) {
      const SearchOptions options{answer.numbers, question_.relative_gap};
      solutions.push_back(solve(condition_on(inputs_, question_.variable, condition, precision_.limit), question_.lo,
                                question_.hi, options));
      answer.conditions.push_back(condition.words);
      const std::string why = reason(condition, solutions.back().change, answer.variable);
      if (!why.empty()) answer.reasons.push_back(why);
    }
    answer.solution = conjunction(solutions, answer.numbers);
    for (std::size_t k = 0; k + 1 < answer.solution.pieces.size(); ++k) {
      const Piece &left = answer.solution.pieces[k], &right = answer.solution.pieces[k + 1];
      answer.ends.push_back(end_at(left.to, left.truth));
      answer.ends.push_back(end_at(right.from, right.truth));
    }
    return answer;
  }

 private:
  /// The compared bounds at a value of the variable, as sharp as it takes to repeat the verdict from what is printed.
  InverseEnd end_at(const Decimal& value, Truth truth) const {
    ClosedFormInputs inputs = inputs_;
    set(inputs, question_.variable, value);
    InverseEnd end{value, truth, kFewDigits, {}};
    for (; end.digits < kMostDigits; end.digits += kFewDigits) {
      end.values = values_at(inputs, end.digits);
      if (truth == Truth::open || truth == Truth::undefined || truth_from(end) == truth) return end;
    }
    return end;
  }

  std::vector<std::pair<std::string, Known>> values_at(const ClosedFormInputs& inputs, int digits) const {
    std::vector<std::pair<std::string, Known>> values;
    for (const SuchThat& condition : question_.conditions)
      for (const std::string& name : {condition.bound, condition.other_bound}) {
        const bool is_there =
            std::any_of(values.begin(), values.end(), [&](const auto& each) { return each.first == name; });
        if (!name.empty() && !is_there)
          values.emplace_back(name, closed_form_value(name, inputs, precision_, std::pow(10.0, -digits - 5)));
      }
    return values;
  }

  /// What the printed ends of the values tell.
  Truth truth_from(const InverseEnd& end) const {
    const auto printed = [&](const std::string& name) {
      const Known& value = std::find_if(end.values.begin(), end.values.end(), [&](const auto& each) {
                             return each.first == name;
                           })->second;
      const Interval& range = value.range();
      return from_decimal_ends(lower_decimal(range, end.digits), upper_decimal(range, end.digits), kBits);
    };
    Truth all = Truth::holds;
    for (const SuchThat& condition : question_.conditions) {
      const Interval right =
          condition.other_bound.empty() ? condition.number.at(kBits) : printed(condition.other_bound);
      const Verdict verdict = decide(printed(condition.bound), condition.relation, right);
      if (verdict == Verdict::fails) return Truth::fails;
      if (verdict != Verdict::holds) all = Truth::open;
    }
    return all;
  }

  static constexpr int kFewDigits = 10, kMostDigits = 100;
  static constexpr Bits kBits = 512;
  const InverseQuestion& question_;
  const ClosedFormInputs& inputs_;
  const Precision& precision_;
};

}  // namespace

InverseQuestion inverse_question(const std::string& variable, const std::vector<std::string>& conditions,
                                 const std::optional<std::string>& range, double relative_gap,
                                 const ClosedFormInputs& inputs) {
  InverseQuestion question{variable_named("--solve", variable), {}, {}, {}, relative_gap};
  if (conditions.empty())
    throw InputError("--solve: expected --such-that beside it, as in --solve n --such-that 'm<=1e9'");
  for (const std::string& condition : conditions) question.conditions.push_back(such_that("--such-that", condition));
  if (!range && question.variable.lo.empty())
    throw InputError(fmt::format("--solve {}: expected --between LO:HI beside it, where to search", variable));
  const Between searched =
      range ? between("--between", *range) : Between{Decimal(question.variable.lo), Decimal(question.variable.hi)};
  if (question.variable.is_count) require_integers(searched);
  require_in_range(question.variable, searched, inputs);
  question.lo = searched.lo;
  question.hi = searched.hi;
  return question;
}

std::vector<InverseAnswer> inverse_answers(const InverseQuestion& question, const BoundsGrid& grid,
                                           const ClosedFormInputs& others, KernelLambda& lambda,
                                           const Precision& precision) {
  if (grid.varies(question.variable.name))
    throw InputError(fmt::format("--solve {0}: expected another variable than --vary {0}", question.variable.name));
  require_fixed_lambda(question.variable, lambda);
  std::vector<Variable> free = grid.variables();
  free.push_back(question.variable);
  std::vector<InverseAnswer> answers;
  try {
    for (std::size_t k = 0; k < grid.size(); ++k) {
      ClosedFormInputs inputs = grid.inputs_at(k, others);
      if (lambda.is_asked_for()) lambda.put_into(inputs, precision);
      InverseAnswer answer = Answering(question, inputs, precision).answer();
      const std::vector<Decimal> values = grid.values_at(k);
      for (std::size_t v = 0; v < values.size(); ++v)
        answer.at.emplace_back(grid.variables()[v].name, values[v].text());
      answer.inputs = fixed_inputs(inputs, free);
      if (!inputs.lambda_source.empty() && question.variable.name != "lambda")
        answer.notes.push_back(inputs.lambda_source);
      answers.push_back(std::move(answer));
    }
  } catch (const Stopped& stopped) {
    if (answers.empty()) throw;
    answers.front().notes.push_back(stopped_note(stopped, answers.size(), grid.size()));
  }
  return answers;
}

}  // namespace assay::app

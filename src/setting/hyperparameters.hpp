#pragma once

#include <optional>
#include <variant>

#include "data/field.hpp"
#include "enclosure/decimal.hpp"

namespace assay {

/// Hyperparameters of the statements that are not part of the instance, with their defaults; numbers are exact. One
/// that is not given is chosen by whoever needs it.
struct Hyperparameters {
  Decimal delta{"0.1"};
  Decimal epsilon{"0.01"};
  Decimal radius{"0.005"};
  std::optional<Decimal> eta = {};
  long steps = 200;
  long trials = 20;
  long samples = 64;
};

/// The numbers that a hyperparameter may be.
struct Range {
  const char* expected;  ///< in words, to stand after "expected"
  bool (*contains)(const Decimal& number);
  bool is_of_double = false;  ///< a double is made of it: what no double can come near is refused with a reason
};

namespace range {
bool is_probability(const Decimal& number);
bool is_positive(const Decimal& number);
bool is_nonnegative(const Decimal& number);
bool is_count(const Decimal& number);
}  // namespace range

inline constexpr Range kProbability{"a probability in (0, 1)", range::is_probability};
inline constexpr Range kPositive{"a positive number", range::is_positive};
inline constexpr Range kPositiveDouble{"a positive number", range::is_positive, true};
inline constexpr Range kRadius{"R >= 0", range::is_nonnegative};
inline constexpr Range kCount{"an integer from 1 to 1000000000", range::is_count};

/// What is to be known of a hyperparameter.
struct Hyperparameter {
  using Member =
      std::variant<Decimal Hyperparameters::*, std::optional<Decimal> Hyperparameters::*, long Hyperparameters::*>;
  Field field;
  const char* help;
  Range range;
  Member member;

  bool is_count() const { return std::holds_alternative<long Hyperparameters::*>(member); }
};

/// All of them, and the only place that lists them: command line, suites, the commands that reproduce, help and
/// validation walk this table. A new one is a member above and a row here.
inline constexpr Hyperparameter kHyperparameters[] = {
    {{"delta"}, "Allowed probability of failure, in (0, 1)", kProbability, &Hyperparameters::delta},
    {{"epsilon"}, "Target of |F - Y|_F^2, above 0", kPositive, &Hyperparameters::epsilon},
    {{"radius"}, "Radius R of the ball around W", kRadius, &Hyperparameters::radius},
    {{"eta"},
     "Step of gradient descent, above 0 (default: chosen for each question)",
     kPositiveDouble,
     &Hyperparameters::eta},
    {{"steps"}, "Steps of gradient descent that are run", kCount, &Hyperparameters::steps},
    {{"trials"}, "Initializations that are drawn where a frequency is measured", kCount, &Hyperparameters::trials},
    {{"samples"}, "Training pairs of score_estimation", kCount, &Hyperparameters::samples},
};

/// The row of a member.
const Hyperparameter& hyperparameter(const Hyperparameter::Member& member);

/// The value; nothing if none was given.
std::optional<Decimal> value_of(const Hyperparameter& row, const Hyperparameters& hyper);
/// Gives it a value. @return  whether that was in the range; nothing was changed if not.
bool set_value(const Hyperparameter& row, const Decimal& number, Hyperparameters& hyper);

/// @throws InputError "delta: expected a probability in (0, 1), found 2" for the first that is not in its range.
void require_in_range(const Hyperparameters& hyper);

}  // namespace assay

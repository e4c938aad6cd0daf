#include "setting/hyperparameters.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>

#include "data/input_error.hpp"
#include "enclosure/numeral.hpp"

namespace assay {

namespace range {

constexpr Bits kBits = 256;

bool is_probability(const Decimal& number) {
  const Interval value = number.at(kBits);
  return certainly_positive(value) && certainly_less(value, Interval(1, kBits));
}

bool is_positive(const Decimal& number) {
  return certainly_positive(number.at(kBits));
}

bool is_nonnegative(const Decimal& number) {
  return certainly_nonnegative(number.at(kBits));
}

bool is_count(const Decimal& number) {
  const auto count = integer_of(number);
  return count && *count >= 1 && *count <= 1'000'000'000;
}

}  // namespace range

namespace {

std::optional<Decimal> number_of(const Decimal& number) {
  return number;
}
std::optional<Decimal> number_of(const std::optional<Decimal>& number) {
  return number;
}
std::optional<Decimal> number_of(long count) {
  return Decimal(std::to_string(count));
}

void assign(const Decimal& number, Decimal& target) {
  target = number;
}
void assign(const Decimal& number, std::optional<Decimal>& target) {
  target = number;
}
void assign(const Decimal& number, long& target) {
  target = integer_of(number).value();
}

}  // namespace

const Hyperparameter& hyperparameter(const Hyperparameter::Member& member) {
  const auto* row = std::find_if(std::begin(kHyperparameters), std::end(kHyperparameters),
                                 [&](const Hyperparameter& each) { return each.member == member; });
  assert(row != std::end(kHyperparameters));
  return *row;
}

std::optional<Decimal> value_of(const Hyperparameter& row, const Hyperparameters& hyper) {
  return std::visit([&](auto member) { return number_of(hyper.*member); }, row.member);
}

bool set_value(const Hyperparameter& row, const Decimal& number, Hyperparameters& hyper) {
  if (!row.range.contains(number)) return false;
  std::visit([&](auto member) { assign(number, hyper.*member); }, row.member);
  return true;
}

void require_in_range(const Hyperparameters& hyper) {
  for (const Hyperparameter& row : kHyperparameters)
    if (const auto value = value_of(row, hyper); value && !row.range.contains(*value))
      throw InputError(row.field, ": expected ", row.range.expected, ", found ", value->text());
}

}  // namespace assay

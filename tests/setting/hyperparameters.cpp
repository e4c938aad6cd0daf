#include "setting/hyperparameters.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "support/scratch.hpp"

namespace assay {
namespace {

TEST_CASE("every row has a name of its own and finds its member, and the defaults are in range") {
  const Hyperparameters usual;
  std::set<std::string_view> names;
  for (const Hyperparameter& row : kHyperparameters) {
    CAPTURE(row.field.key);
    CHECK(names.insert(row.field.key).second);
    CHECK(&hyperparameter(row.member) == &row);
    const auto value = value_of(row, usual);
    CHECK((!value || row.range.contains(*value)));
  }
  CHECK(hyperparameter(&Hyperparameters::eta).field == Field{"eta"});
  CHECK(input_error_of([&] { require_in_range(usual); }) == "no error");
}

TEST_CASE("a value is taken if it is in the range, and nothing changes if not") {
  for (const Hyperparameter& row : kHyperparameters) {
    CAPTURE(row.field.key);
    Hyperparameters hyper;
    const auto text = [&] { return value_of(row, hyper).value_or(Decimal("-7")).text(); };
    const std::string before = text();
    CHECK_FALSE(set_value(row, Decimal("-1"), hyper));
    CHECK(text() == before);
    const Decimal other(row.is_count() ? "7" : "1/3");
    CHECK(set_value(row, other, hyper));
    CHECK(text() == other.text());
  }
}

TEST_CASE("counts are integers from 1 to a billion, however they are written") {
  for (const char* good : {"1", "1e9", "2^10", "4/2"}) CHECK(kCount.contains(Decimal(good)));
  for (const char* bad : {"0", "-3", "1000000001", "2.5", "1/3", "1e1000000"})
    CHECK_FALSE(kCount.contains(Decimal(bad)));
  Hyperparameters hyper;
  CHECK(set_value(hyperparameter(&Hyperparameters::steps), Decimal("1e3"), hyper));
  CHECK(hyper.steps == 1000);
  hyper.trials = 0;
  CHECK(input_error_of([&] { require_in_range(hyper); }) ==
        "trials: expected an integer from 1 to 1000000000, found 0");
}

}  // namespace
}  // namespace assay

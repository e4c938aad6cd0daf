#include "data/field.hpp"

#include <doctest/doctest.h>

#include "data/input_error.hpp"

namespace assay {
namespace {

std::string shouted(Field field) {
  return "<" + std::string(field.key) + ">";
}

TEST_CASE("a text names its fields in the words of whoever shows it") {
  const FieldText text("give ", field::d_in, std::string(" or "), field::m);
  CHECK(text.text() == "give d_in or m");
  CHECK(text.text(shouted) == "give <d_in> or <m>");
  CHECK(text.fields() == std::vector{field::d_in, field::m});
  const FieldText longer(text, ", never ", field::m);
  CHECK(longer.text(shouted) == "give <d_in> or <m>, never <m>");
  CHECK(longer.fields().size() == 3);
  CHECK(FieldText().text().empty());
}

TEST_CASE("an error is its line, and keeps the fields through copies") {
  const InputError plain("x.csv: no rows"), error(field::d_in, " 0: expected at least 1");
  const InputError copy = error, again(error.line());
  CHECK(std::string(plain.what()) == "x.csv: no rows");
  CHECK(plain.line().fields().empty());
  for (const InputError* each : {&error, &copy, &again}) {
    CHECK(std::string(each->what()) == "d_in 0: expected at least 1");
    CHECK(each->line().text(shouted) == "<d_in> 0: expected at least 1");
  }
}

}  // namespace
}  // namespace assay

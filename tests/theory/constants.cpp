#include "theory/constants.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace assay {
namespace {

template <class Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no complaint";
}

TEST_CASE("a constant that is set has the new value, exactly, and is the user's") {
  Constants constants;
  CHECK(constants["e1.exponent"].value.text() == "10");
  CHECK(constants["e1.exponent"].provenance == Provenance::reconstructed);
  const std::string meaning = constants["e1.exponent"].meaning;
  constants.set("e1.exponent=1/3");
  CHECK(constants["e1.exponent"].value.text() == "1/3");
  CHECK(constants["e1.exponent"].provenance == Provenance::user);
  CHECK(constants["e1.exponent"].meaning == meaning);
  CHECK(overlap(constants.at("e1.exponent", 256), Interval::ratio(1, 3, 512)));
  constants.set("e1.exponent", "8.5e0");
  CHECK(constants.at("e1.exponent", 64).contains(8.5));
  CHECK(Constants()["e1.exponent"].value.text() == "10");
  CHECK(constants["e0.C"].provenance == Provenance::reconstructed);
}

TEST_CASE("every constant has a meaning and a provenance") {
  const Constants constants;
  for (const auto& [name, constant] : constants.all()) {
    const std::string& key = name;
    CAPTURE(key);
    CHECK_FALSE(constant.meaning.empty());
    CHECK(constant.provenance != Provenance::user);
    CHECK(certainly_positive(constant.value.at(64)));
  }
  CHECK(constants.all().size() >= 24);
  CHECK(constants["e4.D_multiplier"].provenance == Provenance::derived);
}

TEST_CASE("values are those of the statements") {
  const std::pair<const char*, const char*> expected[] = {{"e0.C", "10"},
                                                          {"e0.floor", "1"},
                                                          {"e1.radius_max", "0.01"},
                                                          {"e1.exponent", "10"},
                                                          {"e1.multiplier", "1"},
                                                          {"e2.divisor", "2"},
                                                          {"e2.exponent", "10"},
                                                          {"e3.multiplier", "1"},
                                                          {"e3.exponent", "18"},
                                                          {"e4.multiplier", "1"},
                                                          {"e3.eta_multiplier", "0.1"},
                                                          {"e3.eta_exponent", "16"},
                                                          {"e4.D_multiplier", "8"},
                                                          {"e4.D_exponent", "2"},
                                                          {"e4.C1", "1.6"},
                                                          {"e4.C_other", "0.1"},
                                                          {"e1.exp_multiplier", "3"},
                                                          {"e1.relu_multiplier", "2"},
                                                          {"e1.relu_rate", "0.1"},
                                                          {"e6.width_exponent", "18"}};
  const Constants constants;
  for (const auto& [key, value] : expected) CHECK(constants[key].value.text() == value);
}

TEST_CASE("unknown keys and bad values are refused, with a suggestion") {
  Constants constants;
  CHECK(complaint([&] { constants.set("e1.exponnt=8"); }) ==
        "unknown constant 'e1.exponnt'; the nearest is 'e1.exponent' (`assay list --constants` shows all)");
  CHECK(complaint([&] { constants["E0.C"]; }) ==
        "unknown constant 'E0.C'; the nearest is 'e0.C' (`assay list --constants` shows all)");
  CHECK(complaint([&] { constants.set("e1.exponent"); }) ==
        "expected KEY=VALUE such as e1.exponent=8, found 'e1.exponent'");
  for (const char* bad : {"e1.exponent=", "e1.exponent=ten", "e1.exponent=1=2", "e1.exponent=nan", "e1.exponent=1/0"}) {
    CAPTURE(bad);
    CHECK(complaint([&] { constants.set(bad); }).starts_with("constant 'e1.exponent': "));
  }
  CHECK(constants["e1.exponent"].value.text() == "10");
  CHECK(constants["e1.exponent"].provenance == Provenance::reconstructed);
}

TEST_CASE("nearest counts insertions, deletions and replacements") {
  CHECK(nearest("kitten", {"sitting", "mitten", "bitte"}) == "mitten");
  CHECK(nearest("abc", {"abcdef", "ab", "xbcx"}) == "ab");
  CHECK(nearest("abc", {"abd", "abc"}) == "abc");
  CHECK(nearest("", {"aa", "b"}) == "b");
  CHECK(nearest("abcd", {"bcd", "zzzz"}) == "bcd");
  CHECK(nearest("x", {}).empty());
}

TEST_CASE("names of provenances") {
  CHECK(name_of(Provenance::reconstructed) == "reconstructed");
  CHECK(name_of(Provenance::derived) == "derived");
  CHECK(name_of(Provenance::user) == "user");
}

}  // namespace
}  // namespace assay

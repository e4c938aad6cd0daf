#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/instance.hpp"
#include "enclosure/decimal.hpp"
#include "setting/hyperparameters.hpp"

namespace assay::app {

// Values as typed on the command line or written in a suite: decimals, fractions and powers, "12", "1e3", "1/3",
// "2^20". `name` is the option or the key, for the message: each throws InputError "--n: expected an integer, found
// 'abc'".

long integer(std::string_view name, std::string_view text);
long integer_between(std::string_view name, std::string_view text, long least, long most);
std::uint64_t seed(std::string_view name, std::string_view text);
/// The scale of the weights is a double.
struct Scale {
  double value = 0;
  std::optional<std::string> note;  ///< for the report, where the double is not exactly what was written
};
Scale scale(std::string_view name, std::string_view text);
/// A number that MPFR can hold.
Decimal decimal(std::string_view name, std::string_view text);
/// A number in the range of a hyperparameter becomes its value.
void read_hyperparameter(const Hyperparameter& row, std::string_view name, std::string_view text,
                         Hyperparameters& target);
/// A relative width: a number in (0, 1), as the double nearest to it.
double relative_width(std::string_view name, std::string_view text);
/// "90", "90s", "5m", "2h": a time above 0, in seconds.
double duration(std::string_view name, std::string_view text);
/// "1,51,101"
std::vector<Eigen::Index> row_list(std::string_view name, std::string_view text);

}  // namespace assay::app

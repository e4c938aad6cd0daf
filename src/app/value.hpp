#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enclosure/decimal.hpp"
#include "network/instance.hpp"

namespace assay::app {

// Values as typed on the command line or written in a suite. `name` is the option or the key, for the message: each
// throws InputError "--n: expected an integer, found 'abc'".

long integer(std::string_view name, std::string_view text);
long integer_between(std::string_view name, std::string_view text, long least, long most);
std::uint64_t seed(std::string_view name, std::string_view text);
/// The double nearest to a decimal.
double number(std::string_view name, std::string_view text);
Decimal decimal(std::string_view name, std::string_view text);
/// A relative width: a number in (0, 1).
double relative_width(std::string_view name, std::string_view text);
/// "1,51,101"
std::vector<Eigen::Index> row_list(std::string_view name, std::string_view text);

}  // namespace assay::app

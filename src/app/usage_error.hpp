#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace assay::app {

/// One line on what is wrong with a command line that CLI11 did not accept, with the nearest option or command.
std::string usage_error(const CLI::App& program, const CLI::ParseError& error, const std::vector<std::string>& words);

}  // namespace assay::app

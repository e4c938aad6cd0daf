#pragma once

#include <string>
#include <vector>

#include "report/picture.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

/// The charts of a finding, drawn: <stem>-<name>.svg and .csv.
std::vector<Picture> chart_pictures(const Finding& finding, const std::string& stem);

/// Writes the files of pictures into a folder that exists.
void write_pictures(const std::string& folder, const std::vector<Picture>& pictures);

}  // namespace assay::app

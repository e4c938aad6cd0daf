#pragma once

#include <string>
#include <string_view>

#include "data/instance.hpp"

namespace assay {

/// The matrix in the text of a CSV file, one line per row, each number the double nearest to the decimal written.
///
/// Commas separate; blanks around a number, CRLF, a byte-order mark and blank lines at the end are ignored; decimal or
/// scientific notation, with a point in every locale. What is below the range of double becomes subnormal or zero.
/// @param path    for messages.
/// @param header  the first line holds names and is skipped.
/// @throws InputError for an empty cell, hexadecimal, NaN, infinity, overflow, rows of unequal length, no rows, or a
///         header that holds nothing but numbers. Rows and columns count from 1, without the header: "x.csv: row 3,
///         column 2: expected a finite decimal number, found 'abc'".
RealMatrix parse_csv(std::string_view text, const std::string& path, bool header);

/// parse_csv of a file of at most kLargestMatrixFile bytes. @throws InputError also if it cannot be read.
RealMatrix read_csv(const std::string& path, bool header);

/// Writes shortest decimals that read back as the same doubles, atomically (see write_file).
/// @throws std::invalid_argument if an entry is not finite; InputError if the file cannot be written.
void write_csv(const std::string& path, const RealMatrix& matrix);

}  // namespace assay

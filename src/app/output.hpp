#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::app {

/// Opens what is closed of standard input, output and error onto /dev/null, so that no file that is opened later gets
/// their numbers and what is meant for people. Standard output is then one that cannot be written.
void open_standard_streams();

/// Writes to standard error as far as that is possible; what cannot be written is lost. Never throws: the terminal may
/// be gone by now.
void print_error(std::string_view text) noexcept;

/// Writes to standard output now. @throws InputError if that fails, as on a full disk.
void print(std::string_view text);

/// A file that an option names, "-" for standard output.
class OutputFile {
 public:
  /// Finds out now whether the file can be written, before any work is spent on what goes into it.
  /// @throws InputError "--json: out/x.json: ..."
  OutputFile(std::string_view option, std::optional<std::string> path);

  bool is_asked_for() const { return path_.has_value(); }
  bool is_standard_output() const { return path_ == "-"; }
  /// The path, if it is one of an ordinary file, so that other files can be put beside it.
  std::optional<std::string> ordinary_file() const;
  /// Writes all or nothing; does nothing if no file was asked for.
  void write(std::string_view text) const;

 private:
  std::optional<std::string> path_;
};

/// Makes a folder for what an option asks for, and finds out whether files can be written there.
/// @throws InputError "--out: reports: ..."
void make_writable_folder(std::string_view option, const std::string& path);

}  // namespace assay::app

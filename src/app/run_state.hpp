#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "theory/theorem.hpp"

namespace assay::app {

/// The findings of a run that is not over, in folder/.progress/findings.jsonl: a line of JSON for the run, then one for
/// each finding, added when it was made. Numbers are kept to the last bit, so that a resumed run writes the same
/// report.
///
/// Nothing in the file is believed. A line counts only if the digest (SHA-256) at its end is that of its content and of
/// this run; verdicts, outcomes and slacks are not in it but are decided again from the two sides; names that go into
/// paths have to be plain, and files of counterexamples the ones that were written. What does not count is found again.
class RunState {
 public:
  /// @param folder    of the run; exists and is locked.
  /// @param identity  equal for runs that find the same.
  RunState(std::string folder, const std::string& identity);

  /// What resume() found.
  struct Resumed {
    std::size_t taken = 0, refused = 0;  ///< lines; a last one that was torn counts as neither
  };
  /// Takes over what an interrupted run found; nothing if there is no file.
  /// @throws InputError if the file is of another run, or cannot be read or written.
  Resumed resume();
  /// Forgets what an interrupted run found. @throws InputError if the file cannot be written.
  void start_over();

  /// Nothing if it was not found yet.
  const Finding* find(const std::string& instance, const std::string& theorem) const;
  /// Adds a finding to the file. @throws InputError if it cannot be written.
  void add(Finding finding);

  std::string file() const;
  /// Where the state of one instance's gradient descent is kept meanwhile.
  std::string descent_file(const std::string& instance) const;

 private:
  std::string header() const;
  std::string line_of(const Finding& finding) const;
  std::optional<Finding> verified(const std::string& line) const;
  bool is_of_another_run(const std::string& line) const;

  std::string folder_, identity_;
  std::map<std::pair<std::string, std::string>, Finding> findings_;  // by instance and theorem
};

/// Removes what `resume` would need: the run is over.
void forget_progress(const std::string& folder);

}  // namespace assay::app

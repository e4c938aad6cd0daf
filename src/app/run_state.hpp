#pragma once

#include <string>
#include <vector>

#include "theory/theorem.hpp"

namespace assay::app {

/// The findings of a run that is not over, in a file that is whole at any moment. Enclosures are kept to the last bit,
/// so that a resumed run writes the same report.
class RunState {
 public:
  /// @param path      of the file.
  /// @param identity  equal for runs that find the same.
  RunState(std::string path, std::string identity) : path_(std::move(path)), identity_(std::move(identity)) {}

  /// Takes over what an interrupted run found; nothing if there is no file.
  /// @throws InputError if the file is of another run or damaged.
  void resume();
  /// Forgets an interrupted run.
  void discard() const;

  /// Nothing if it was not found yet.
  const Finding* find(const std::string& instance, const std::string& theorem) const;
  const std::vector<Finding>& findings() const { return findings_; }
  /// Adds a finding and writes the file.
  void add(Finding finding);

 private:
  std::string path_, identity_;
  std::vector<Finding> findings_;
};

}  // namespace assay::app

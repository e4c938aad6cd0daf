#pragma once

#include <functional>
#include <vector>

#include "app/command_line.hpp"
#include "theory/expectation.hpp"
#include "theory/theorem.hpp"

namespace assay::app {

/// What the program ends with; a contract with scripts.
enum ExitStatus : int {
  succeeded = 0,    ///< nothing failed, nothing undecided
  claim_fails = 1,  ///< a claim certainly fails
  bad_usage = 2,    ///< bad usage or input
  undecided = 3,    ///< something could not be decided, or not as accurately as asked, or nothing was decided at all
  internal_error = 70,  ///< a mistake of ours
  interrupted = 130     ///< by SIGINT or SIGTERM
};

/// 1 if a finding fails, else 3 if one is inconclusive or none decides anything, else 0. A theorem that does not apply
/// is no failure.
ExitStatus status_of(const std::vector<Finding>& findings);
/// 0 if all is as expected, else 1 if a claim fails or is not what was expected of it, else 3: something is undecided.
ExitStatus status_of(const std::vector<Finding>& findings, const std::vector<Expectation>& expected);

/// What the command line asks for; run once all of it was understood.
using Chosen = std::function<ExitStatus()>;

// Each adds one command with its options to the program; typing the command sets `chosen`.
void add_verify(Program& program, Chosen& chosen);
void add_check(Program& program, Chosen& chosen);
void add_certify(Program& program, Chosen& chosen);
void add_evaluate(Program& program, Chosen& chosen);
void add_bounds(Program& program, Chosen& chosen);
void add_list(Program& program, Chosen& chosen);
void add_explain(Program& program, Chosen& chosen);

}  // namespace assay::app

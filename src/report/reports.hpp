#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enclosure/known.hpp"
#include "theory/constants.hpp"

namespace assay {

/// Certified values of one instance, without a theorem.
struct EvaluationReport {
  std::vector<std::pair<std::string, Interval>> quantities;
  double seconds = 0;
  std::string tier;  ///< "fast" or "deep"
  Bits bits = 0;
  std::vector<std::string> notes;  ///< Markdown
  std::string instance;            ///< name of what was evaluated, plain text
  std::string reproduce;           ///< the command that gives these values again
};

/// d log(bound) / d log(variable), everything else as it is.
struct BoundsElasticity {
  std::string variable;
  Known value;
  bool at_kink = false;  ///< both one-sided values are in the range: which side of a max{...} is larger is not decided
};

/// One closed-form bound.
struct BoundsRow {
  std::string name;
  Known value;
  std::string formula;  ///< Markdown with formulas
  std::string driver;   ///< which factor or hypothesis drives it, Markdown
  bool vacuous = false;
  std::string vacuous_why = {};  ///< Markdown
  std::string words = {};        ///< what it is, with its unit; plain
  std::string driven_by = {};    ///< the driver without numbers
  std::vector<BoundsElasticity> elasticities = {};
};

/// The closed-form bounds at given hyperparameters, without an instance.
struct BoundsReport {
  std::vector<std::pair<std::string, std::string>> inputs;  ///< name, exact decimal text
  std::optional<Interval> lambda = {};                      ///< where it was computed and not given
  std::vector<BoundsRow> rows;
  std::vector<std::string> notes;  ///< Markdown
  std::vector<std::pair<std::string, Constant>> constants;
};

/// What `certify` found for one seed by one method.
struct CertificateReport {
  std::uint64_t seed = 0;
  std::string method;
  long m = 0;  ///< width that is certified; 0 if none
  long followed = 0;
  Known eta, mu, theta, horizon, largest_move;
  double seconds = 0;
  std::string why_not;
};

}  // namespace assay

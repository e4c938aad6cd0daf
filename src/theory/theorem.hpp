#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enclosure/refine.hpp"
#include "theory/chart.hpp"
#include "theory/claim.hpp"
#include "theory/constants.hpp"
#include "theory/sentence.hpp"

namespace assay {

/// What a theorem is checked on: the instance, the hyperparameters, and enclosures computed once. Defined in setting/.
class Setting;

struct Finding;

/// What notes and pictures may speak of: the setting, the ladder that was allowed, and what was decided on it.
struct Checked {
  const Setting& setting;
  const Precision& precision;
  const Finding& finding;

  /// The first rung of the ladder, for what needs no more than one.
  Level level() const;
  /// The claim, hypothesis or remark with this id. @throws std::logic_error if the theorem has none.
  const Claim& claim(std::string_view id) const;
};

/// A comparison to be decided, with the two sides as functions of the setting and of the rung of the ladder.
struct Statement {
  std::string id = {};
  Scope scope = Scope::instance;
  std::string text = {};  ///< one sentence, Markdown with formulas
  Relation relation = Relation::less_equal;
  std::function<Sides(const Setting&, Level)> sides = {};
  /// What is known without the theorem: a bound of the lhs from above (for <=, <) or below (for >=, >). The claim is
  /// vacuous if the theorem's bound is certainly no better. May be empty.
  std::function<Interval(const Setting&, Level)> trivial_bound = {};
  /// Why the claim says nothing about this setting, or nothing if it does say something. May be empty.
  std::function<std::optional<std::string>(const Setting&)> inapplicable = {};
  /// Which statement of the paper this is, in its own numbering: "Theorem 4.2, horizon". Empty: derived here.
  std::string paper = {};
  /// The text for a reader of the overview, in two lines at most. Empty: the text is short enough.
  std::string brief = {};
  /// The question of a reader that this statement answers: "Does the horizon suffice?". May be empty.
  std::string question = {};
  /// What it comes to, in a sentence for the report. May be empty.
  std::string if_holds = {}, if_fails = {};
  /// The width of the sides is that between different bounds, which no precision closes: the first rung that bounds
  /// them is the last.
  bool gap = false;
};

/// A statement that is worth a sentence in the report whichever way it is decided; asked only where no hypothesis
/// certainly fails.
struct Remark {
  Statement statement = {};
  std::string if_holds = {}, if_fails = {};
};

/// A number of the report; `meaning` is one line of Markdown that claims no proof, since the number may be unknown.
struct Quantity {
  std::string name = {};
  std::string meaning = {};
  std::function<Known(const Setting&, Level)> value = {};
  /// The ends are two different bounds, so the width is a gap that no precision closes: the first rung that bounds it
  /// on both sides is enough.
  bool gap = false;
};

struct Source {
  std::string arxiv = {};
  std::string place = {};
  Provenance provenance = Provenance::reconstructed;
};

struct Theorem {
  std::string title = {};
  Source source = {};
  std::vector<Statement> hypotheses = {};
  std::vector<Statement> claims = {};
  std::vector<Statement> falsehoods = {};  ///< planted: the checker has to refute each
  std::vector<Quantity> quantities = {};
  std::vector<Comparison> comparisons = {};  ///< what is worth a picture over all instances
  std::vector<Remark> remarks = {};
  /// Sentences beside the remarks; one that speaks of a proof names its claim. May be empty.
  std::function<std::vector<Sentence>(const Checked&)> notes = {};
  /// Pictures of this finding beside those that compare instances; they claim no proof. May be empty.
  std::function<std::vector<Chart>(const Checked&)> charts = {};
  /// What the claims prove, in one plain sentence, once all of them hold.
  std::string proved = {};
  std::vector<std::string> constants = {};  ///< keys of the table that the statements use
  bool explicit_networks = false;           ///< claims speak of networks W~ that `check --save-networks` writes
  std::string id = {};                      ///< the folder of its file, set by `Registered`
};

/// Registers a theorem under the name of the folder that its file is in.
/// @throws std::logic_error if the meaning of a quantity claims a proof.
class Registered {
 public:
  explicit Registered(const Theorem& theorem, const char* file = __builtin_FILE());
  /// Made when theorems are first asked for: for what depends on the models that are registered.
  explicit Registered(Theorem (*make)(), const char* file = __builtin_FILE());
};

/// All theorems, sorted by id.
const std::vector<Theorem>& all_theorems();
/// @throws std::invalid_argument for an unknown id, naming the nearest one.
const Theorem& theorem_of(std::string_view id);

struct NamedQuantity {
  std::string name, meaning;
  Known value;
};

/// Shape and scale of an instance, for readers.
struct InstanceSize {
  long n = 0, d_in = 0, d = 0, m = 0;
  std::string sigma = {};  ///< empty if it is not known
};

/// What was found about one theorem at one setting.
struct [[nodiscard]] Finding {
  std::string theorem;
  std::string instance;  ///< name of what it was checked on
  InstanceSize size = {};
  std::string reproduce;  ///< the command that gives this finding again
  Outcome outcome = Outcome::inconclusive;
  std::vector<Claim> hypotheses, claims, remarks;
  std::vector<NamedQuantity> quantities;
  std::vector<std::pair<std::string, Constant>> constants;
  std::vector<std::string> notes;
  std::vector<Chart> charts;
  double seconds = 0;
};

/// What the verdicts of hypotheses and claims come to.
Outcome outcome_of(const Finding& finding);

struct CheckOptions {
  Precision precision{.tier = Tier::automatic};
  double quantity_rtol = 1e-6;  ///< relative width asked of quantities
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

/// Decides one statement rung by rung until it holds or fails, or the ladder ends.
Claim decide(const Statement& statement, const Setting& setting, const Precision& precision);

/// Checks a theorem. Claims are `not_applicable` if a hypothesis certainly fails.
Finding check(const Theorem& theorem, const Setting& setting, const Constants& constants, const CheckOptions& options);

}  // namespace assay

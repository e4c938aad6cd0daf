#include <fmt/format.h>

#include <memory>

#include "app/command.hpp"
#include "app/findings.hpp"
#include "app/options.hpp"
#include "app/output.hpp"
#include "data/input_error.hpp"
#include "report/portable_markdown.hpp"
#include "report/text.hpp"

namespace assay::app {
namespace {

std::string statements(const char* heading, const std::vector<Statement>& statements) {
  if (statements.empty()) return "";
  std::string text = fmt::format("## {}\n\n", heading);
  for (const Statement& statement : statements)
    text += fmt::format("* `{}` [{}]: {}\n", statement.id, name_of(statement.scope), statement.text);
  return text + "\n";
}

std::string constants_used(const Theorem& theorem) {
  const Constants constants;
  std::string text = "## Constants\n\n";
  for (const std::string& key : theorem.constants) {
    const Constant& constant = constants[key];
    text += fmt::format("* `{}` = {} ({}): {}\n", key, constant.value.text(), name_of(constant.provenance),
                        constant.meaning);
  }
  return theorem.constants.empty() ? "" : text;
}

/// All that is known of a theorem without checking it, in Markdown.
std::string explanation(const Theorem& theorem) {
  std::string text = fmt::format("# {}\n\n`{}`: arXiv {}, {}; the statement is {}.\n\n", theorem.title, theorem.id,
                                 theorem.source.arxiv, theorem.source.place, name_of(theorem.source.provenance));
  text += with_headings_from(card_of(theorem.id), 2) + "\n";
  text += statements("Hypotheses", theorem.hypotheses) + statements("Claims", theorem.claims);
  text += statements("Planted falsehoods, each of which the checker has to refute", theorem.falsehoods);
  return text + constants_used(theorem);
}

ExitStatus explain(const std::string& id, bool markdown) {
  if (id.empty()) throw InputError("explain: expected the ID of a theorem (`assay list` shows them)");
  const std::string text = explanation(theorem_of(id));
  print(markdown ? text : plain_text(text));
  return succeeded;
}

}  // namespace

void add_explain(Program& program, Chosen& chosen) {
  Command command =
      program.add_command("explain", "A theorem's statement, hypotheses, proof and constants with provenance");
  const auto id = std::make_shared<std::string>();
  const auto markdown = std::make_shared<bool>(false);
  command.add_word("ID", *id, "The theorem (assay list shows them)");
  command.add_flag("--markdown", *markdown, "Print Markdown with formulas (default: readable text)");
  accept_time_limit(command);
  command.action([&chosen, id, markdown] { chosen = [id, markdown] { return explain(*id, *markdown); }; });
}

}  // namespace assay::app

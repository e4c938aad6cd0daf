#include "report/inverse.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/json_number.hpp"
#include "report/text.hpp"

namespace assay {
namespace {

std::string_view name_of(Truth truth) {
  switch (truth) {
    case Truth::holds:
      return "holds";
    case Truth::fails:
      return "fails";
    case Truth::undefined:
      return "undefined";
    case Truth::open:
      break;
  }
  return "undecided";
}

std::string verb(Truth truth) {
  if (truth == Truth::undefined) return "is not defined";
  return truth == Truth::open ? "is not decided" : std::string(name_of(truth));
}

std::string conditions_text(const InverseAnswer& answer) {
  std::string text;
  for (const std::string& condition : answer.conditions) text += (text.empty() ? "" : " and ") + condition;
  return answer.conditions.size() > 1 ? "(" + text + ")" : text;
}

bool is_one_value(const Piece& piece) {
  return piece.from.text() == piece.to.text();
}

std::string extent(const Piece& piece) {
  return is_one_value(piece) ? "at " + piece.from.text()
                             : fmt::format("from {} to {}", piece.from.text(), piece.to.text());
}

/// "holds for every n from 1 to 37 and fails from 38 on"
std::string pieces_text(const InverseAnswer& answer) {
  const std::vector<Piece>& pieces = answer.solution.pieces;
  const Piece& first = pieces.front();
  const std::string where = is_one_value(first) ? fmt::format("{} = {}", answer.variable, first.from.text())
                                                : fmt::format("every {} {}", answer.variable, extent(first));
  std::string text = fmt::format("{} for {}", verb(first.truth), where);
  for (std::size_t k = 1; k < pieces.size(); ++k) {
    const bool is_last = k + 1 == pieces.size();
    const bool goes_on = is_last && !is_one_value(pieces[k]);
    text += fmt::format("{} {} {}", is_last ? " and" : ",", verb(pieces[k].truth),
                        goes_on ? fmt::format("from {} on", pieces[k].from.text()) : extent(pieces[k]));
  }
  return text;
}

/// How far the search went, where the pieces do not say it.
std::string searched_text(const InverseAnswer& answer) {
  if (answer.solution.pieces.size() == 1) return "all of the range searched";
  return "searched up to " + answer.hi.text();
}

std::string proof_text(const InverseAnswer& answer) {
  if (!answer.solution.is_complete())
    return "not proved monotone: this is a change of the verdict, others may exist where it is not decided";
  if (!answer.reasons.empty() && answer.reasons.size() == answer.conditions.size())
    return "proved: " + fmt::format("{}", fmt::join(answer.reasons, "; "));
  return "proved by parts of the range, in each of which the verdict is one or changes in one direction only";
}

std::string point_text(const InverseAnswer& answer) {
  std::string text;
  for (const auto& [name, value] : answer.at) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, value);
  return text;
}

std::string ends_text(const InverseAnswer& answer) {
  std::vector<std::vector<std::string>> rows;
  for (const InverseEnd& end : answer.ends) {
    std::vector<std::string> row{fmt::format("  {} = {}", answer.variable, end.at.text()), verb(end.truth)};
    for (const auto& [name, value] : end.values)
      row.push_back(fmt::format("{} = {}", name, display(value, end.digits)));
    rows.push_back(row);
  }
  return text_table({}, rows);
}

}  // namespace

std::string inverse_sentence(const InverseAnswer& answer) {
  return fmt::format("{} {} ({}; {})", conditions_text(answer), pieces_text(answer), searched_text(answer),
                     proof_text(answer));
}

std::string inverse_text(const std::vector<InverseAnswer>& answers) {
  std::string text, notes, inputs;
  for (const InverseAnswer& answer : answers) {
    const std::string point = point_text(answer);
    text += (point.empty() ? "" : "At " + point + ": ") + inverse_sentence(answer) + ".\n";
    text += ends_text(answer);
  }
  const InverseAnswer& first = answers.front();
  for (const auto& [name, value] : first.inputs)
    inputs += fmt::format("{}{} = {}", inputs.empty() ? "" : ", ", name, value);
  text += "\nat " + wrapped(inputs, 3) + "\n";
  return text + (first.notes.empty() ? "" : "\nNotes:\n" + bullets(first.notes));
}

namespace {

Json end_json(const InverseEnd& end) {
  Json values = Json::object();
  for (const auto& [name, value] : end.values) values[name] = json_of(value);
  return {{"at", end.at.text()}, {"truth", name_of(end.truth)}, {"values", values}};
}

Json answer_json(const InverseAnswer& answer) {
  Json pieces = Json::array(), ends = Json::array();
  for (const Piece& piece : answer.solution.pieces)
    pieces.push_back({{"from", piece.from.text()}, {"to", piece.to.text()}, {"truth", name_of(piece.truth)}});
  for (const InverseEnd& end : answer.ends) ends.push_back(end_json(end));
  Json json{{"answer", inverse_sentence(answer)}};
  if (!answer.at.empty()) json["at"] = texts_json(answer.at);
  json.update({{"variable", answer.variable},
               {"numbers", answer.numbers == Numbers::integers ? "integers" : "reals"},
               {"such_that", answer.conditions},
               {"between", {{"lo", answer.lo.text()}, {"hi", answer.hi.text()}}},
               {"pieces", pieces},
               {"ends", ends},
               {"complete", answer.solution.is_complete()},
               {"monotone", answer.solution.change != Change::any},
               {"proof", proof_text(answer)},
               {"inputs", texts_json(answer.inputs)},
               {"notes", answer.notes}});
  return json;
}

}  // namespace

std::string inverse_json(const std::vector<InverseAnswer>& answers) {
  Json all = Json::array();
  for (const InverseAnswer& answer : answers) all.push_back(answer_json(answer));
  return written({{"schema", "assay.inverse/1"}, {"answers", all}});
}

}  // namespace assay

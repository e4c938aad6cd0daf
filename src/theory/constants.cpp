#include "theory/constants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

namespace assay {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view name_of(Provenance provenance) {
  constexpr std::array<std::string_view, 3> names{"reconstructed", "derived", "user"};
  return names.at(static_cast<std::size_t>(provenance));
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  const auto closer = [&](const std::string& a, const std::string& b) {
    return edit_distance(name, a) < edit_distance(name, b);
  };
  const auto best = std::min_element(candidates.begin(), candidates.end(), closer);
  return best == candidates.end() ? "" : *best;
}

Constants::Constants() {
  const auto paper = [&](const char* key, const char* value, const char* meaning) {
    table_[key] = {Decimal(value), Provenance::reconstructed, meaning};
  };
  const auto ours = [&](const char* key, const char* value, const char* meaning) {
    table_[key] = {Decimal(value), Provenance::derived, meaning};
  };
  paper("e0.C", "10", "$C$ in $B=\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},\\,1\\}$");
  paper("e0.floor", "1", "least value of $B$");
  paper("e1.radius_max", "0.01", "the perturbation bound is stated for $R\\in(0,0.01)$");
  paper("e1.exponent", "10", "$10$ in $R\\,nd\\,e^{10B}$");
  paper("e1.multiplier", "1", "multiplier of $R\\,nd\\,e^{10B}$ (softmax row)");
  paper("e1.exp_multiplier", "3", "$3$ in $3nR\\,e^{10B}$ (exponential row)");
  paper("e1.relu_multiplier", "2", "$2$ in $2nR$ (ReLU row)");
  paper("e1.relu_rate", "0.1", "$1/10$ in the probability $1-n^2e^{-mR/10}$ (ReLU row)");
  paper("e2.divisor", "2", "$2$ in $R_\\star=\\lambda/(2nd\\,e^{10B})$");
  paper("e2.exponent", "10", "$10$ in $R_\\star=\\lambda/(2nd\\,e^{10B})$");
  paper("e3.multiplier", "1", "$c_m$ in $m\\ge c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$");
  paper("e3.exponent", "18", "$18$ in $m\\ge c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$");
  paper("e3.eta_multiplier", "0.1", "$0.1$ in $\\eta=0.1\\lambda/(m\\,n^2d^2e^{16B})$");
  paper("e3.eta_exponent", "16", "$16$ in $\\eta=0.1\\lambda/(m\\,n^2d^2e^{16B})$");
  paper("e4.multiplier", "1", "$c_T$ in $\\hat T=c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$");
  ours("e4.D_multiplier", "8", "$4\\cdot2$ in $D=4e^{2B}\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F\\cdot2/(m\\lambda)$");
  ours("e4.D_exponent", "2", "$2$ in $D=4e^{2B}\\sqrt{nd}\\,\\lVert F(0)-Y\\rVert_F\\cdot2/(m\\lambda)$");
  paper("e4.C1", "1.6", "$C_1\\le-1.6\\,m\\eta\\lambda\\lVert e\\rVert^2$");
  paper("e4.C_other", "0.1", "$|C_0|,|C_2|,C_3\\le0.1\\,m\\eta\\lambda\\lVert e\\rVert^2$");
  paper("e6.multiplier", "1", "$c$ in front of the score bound");
  paper("e6.c_Lambda", "1", "$c_\\Lambda$ in $\\Lambda=c_\\Lambda\\sqrt d$");
  paper("e6.c_1", "1",
        "$c_1$ in $A=c_1\\Lambda(\\sqrt{R_{\\mathcal H}}/\\Lambda)^{-2/d}\\log(\\sqrt{R_{\\mathcal H}}/\\Lambda)$");
  paper("e6.width_multiplier", "1", "$c$ in $m\\ge c\\,\\lambda^{-2}n^3d^3e^{18B}\\log^2(nd/\\delta)$");
  ours("e6.t0", "0.1", "$t_0$, where the times of score estimation begin; our choice, the paper integrates from 0");
  ours("e6.T", "2", "$T$, where they end; our choice");
  ours("e6.g", "1", "$g(t)$ of the forward process, constant; our choice");
  paper("e6.width_exponent", "18", "$18$ in $m\\ge c\\,\\lambda^{-2}n^3d^3e^{18B}\\log^2(nd/\\delta)$");
}

const Constant& Constants::operator[](std::string_view key) const {
  const auto found = table_.find(key);
  if (found != table_.end()) return found->second;
  std::vector<std::string> keys;
  for (const auto& [name, constant] : table_) keys.push_back(name);
  throw std::invalid_argument(fmt::format(
      "unknown constant '{}'; the nearest is '{}' (`assay list --constants` shows all)", key, nearest(key, keys)));
}

void Constants::set(std::string_view key, std::string_view value) {
  const Constant& known = (*this)[key];
  Constant changed = known;
  try {
    changed.value = Decimal(value);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("constant '{}': {}", key, error.what()));
  }
  changed.provenance = Provenance::user;
  table_.find(key)->second = changed;
}

void Constants::set(std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos)
    throw std::invalid_argument(fmt::format("expected KEY=VALUE such as e1.exponent=8, found '{}'", assignment));
  set(assignment.substr(0, equals), assignment.substr(equals + 1));
}

}  // namespace assay

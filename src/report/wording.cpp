#include "report/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/message.hpp"
#include "report/portable_markdown.hpp"
#include "theory/claim.hpp"

namespace assay {

namespace {

std::string versions_line(const RunInfo& run) {
  std::string text;
  for (const auto& [name, version] : run.versions)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, version);
  return text;
}

}  // namespace

const char* const kReadingNumbers =
    "A number with a sign ± or in brackets is an enclosure: the true value lies inside; ≤ or ≥ bounds it from that "
    "side only; a bare number is exact. Slack is the factor between the two sides: 10^+3 is a thousand to spare, 10^-3 "
    "off by a thousand; — where a factor has no meaning.\n\n";

const char* const kSymbols =
    "## The network\n\n"
    "Data are $n$ inputs $x_i$ with $d_{in}$ features, the rows of $X$, and labels $Y$ ($n\\times d$). A network has "
    "weights $w_1,\\dots,w_m$, the rows of $W$ ($m\\times d_{in}$), and signs $a_{\\ell,r}=\\pm1$ ($m\\times d$); at "
    "initialization $w_r\\sim N(0,\\sigma^2I)$, two neurons of opposite signs sharing each $w_r$. Then\n\n"
    "* $q_{i,r}=m\\,e^{\\langle w_r,x_i\\rangle}/\\sum_se^{\\langle w_s,x_i\\rangle}$ are its softmax weights, "
    "$p_{\\ell,i}=\\frac1m\\sum_ra_{\\ell,r}q_{i,r}$ their signed means, $F_{\\ell,i}=m\\,p_{\\ell,i}$ its outputs ($d\\times n$);\n"
    "* $H$ ($nd\\times nd$) is its tangent kernel, $H_{(\\ell,i),(k,j)}=\\langle x_i,x_j\\rangle\\frac1m"
    "\\sum_r(a_{\\ell,r}-p_{\\ell,i})(a_{k,r}-p_{k,j})\\,q_{i,r}q_{j,r}$, $\\lambda$ its smallest eigenvalue, and $K_\\infty$ "
    "($n\\times n$) its limit as $m\\to\\infty$;\n"
    "* the ball of radius $R$ holds every $\\tilde W$ with $\\lVert\\tilde w_r-w_r\\rVert_2\\le R$ for all $r$;\n"
    "* gradient descent has step $\\eta$ on $L=\\frac12\\lVert F-Y\\rVert_F^2$; $\\delta$ is an allowed probability of failure, "
    "$\\epsilon$ a target for $\\lVert F-Y\\rVert_F^2$;\n"
    "* $B=\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},1\\}$ is the paper's bound of the logits $\\langle w_r,x_i\\rangle$ ($B_1$ with "
    "$n$ for $nd$).\n\n";

const char* const kHowToRead =
    "## How to read this\n\n"
    "* **holds**, **fails**: proved by enclosures of both sides. **undecided** proves nothing; the report says why. "
    "**not applicable**: a hypothesis is certainly false. A theorem *passes* on an instance if all its hypotheses and "
    "claims hold there, *fails* if a claim certainly fails.\n"
    "* A statement of scope *probability* is about ideal Gaussian weights; a measured frequency is about drawn ones, "
    "with exact limits at 99.9 %. Statements hold one by one, each at its own confidence, not jointly. Sampled are those "
    "frequencies and the error of score estimation over fresh draws; all else that holds or fails is proved.\n"
    "* **vacuous**: the bound is no better than what is known without the theorem.\n"
    "* **scope** says what a verdict is about: *instance*, these exact numbers; *ball*, every network in a ball "
    "around this one; *forever*, every step of gradient descent; *probability*, the random initialization; "
    "*asymptotic*, an $O$ or $\\Omega$, measured and never passed by a choice of constant.\n";

const char* const kTrust =
    "## What is trusted\n\n"
    "* That the statements are those of the paper. Their constants are data, each with its provenance (*reconstructed* "
    "from what is public of the paper, *derived* here, or set by the *user*), and every report prints them.\n"
    "* The outward rounding of MPFR and MPFI with GMP below them, the compiler, and assay's own code for enclosures.\n"
    "* Nothing else: eigenvectors, factorizations, worst cases found by search and sampled weights are guesses, and "
    "what is reported was proved from them by enclosures.\n\n";

std::string code_block(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(text) + 1), '`');
  return fence + "sh\n" + text + fence + "\n\n";
}

std::string environment(const RunInfo& run) {
  std::vector<std::vector<std::string>> files;
  for (const InputFile& file : run.inputs) files.push_back({code_span(file.name), "`" + file.sha256 + "`"});
  const std::string inputs = files.empty() ? "" : "\n\n" + markdown_table({"input file", "SHA-256"}, files) + "\n";
  return inputs + fmt::format("Precision was raised up to {} bits where needed. Versions: {}.\n", run.bits_limit,
                              versions_line(run));
}

std::string factor_in_words(double log10) {
  constexpr double kWritten = 6, kTenPercent = 0.0413;
  const double size = std::fabs(log10);
  if (size >= kWritten) return fmt::format("10^{:.0f}", std::floor(size));
  // Two digits, rounded down; three where the first two would be 1.0.
  const int digits = size < kTenPercent ? 3 : 2;
  const double unit = std::pow(10, std::floor(size) - (digits - 1)),
               rounded = std::floor(std::pow(10, size) / unit) * unit;
  return fmt::format("{:.{}f}", rounded, size < 1 ? digits - 1 : 0);
}

}  // namespace assay

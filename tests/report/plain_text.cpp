#include "report/plain_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "theory/constants.hpp"

namespace assay {
namespace {

TEST_CASE("formulas read well in a terminal") {
  for (const auto& [markdown, text] : {
           std::pair<std::string, std::string>{"$\\lVert x_i\\rVert$", "|x_i|"},
           {"$\\lVert x_i\\rVert_2\\le1$", "|x_i|_2 <= 1"},
           {"$x_{i1}^{2n}$", "x_i1^(2n)"},
           {"$\\|H(\\tilde W)-H(W)\\|_F\\le R\\,nd\\,e^{10B}$", "|H(W~)-H(W)|_F <= R nd e^(10B)"},
           {"$B=\\max\\{C\\sigma\\sqrt{\\log(nd/\\delta)},\\,1\\}$", "B = max{C sigma sqrt(log(nd/delta)), 1}"},
           {"$\\lambda_{\\min}(H(\\tilde W))\\ge\\lambda/2$", "lambda_min(H(W~)) >= lambda/2"},
           {"$\\lambda_{\\min}(H)\\ge\\frac{\\lambda}{2}$", "lambda_min(H) >= lambda/2"},
           {"$\\frac{\\beta_r e_0}{m\\mu-\\eta\\gamma e_0}$", "(beta_r e_0)/(m mu-eta gamma e_0)"},
           {"$\\tfrac12\\lVert F-Y\\rVert_F^2$", "1/2|F-Y|_F^2"},
           {"$\\frac{1}{2nd}$", "1/(2nd)"},
           {"$\\frac1m\\sum_r$", "1/m sum_r"},
           {"$\\frac{a+b}{\\lambda_{\\min}^2}$", "(a+b)/lambda_min^2"},
           {"$m\\ge c_m\\lambda^{-2}n^2d^2e^{18B}\\log^2(nd/\\delta)$",
            "m >= c_m lambda^-2 n^2d^2e^(18B) log^2(nd/delta)"},
           {"$\\hat T=c_T(m\\eta\\lambda)^{-1}\\log(nd/\\epsilon)$", "T_hat = c_T(m eta lambda)^-1 log(nd/epsilon)"},
           {"$\\sum_{r=1}^m q_{i,r}$", "sum_(r=1)^m q_(i,r)"},
           {"$W^\\top x\\in\\mathbb R^m$", "W^T x in R^m"},
           {"$R_\\star<H^*$", "R_* < H^*"},
           {"$\\tau\\to\\infty$", "tau -> inf"},
           {"$\\langle w_r,x_i\\rangle$", "<w_r,x_i>"},
           {"$\\left(\\frac12\\right)^k$", "(1/2)^k"},
           {"$R_{\\mathcal H}$, $1.6\\,m$", "R_H, 1.6 m"},
           {"$\\mathrm{softmax}(W^\\top x)$", "softmax(W^T x)"},
           {"$\\bar g\\hat q\\widetilde{W}$", "g_bar q_hat W~"},
           {"$|C_0|\\lt 1$", "|C_0| < 1"},
           {"$\\Omega(n)\\unknowncommand$", "Omega(n) unknowncommand"},
       }) {
    const std::string shown(markdown);
    CAPTURE(shown);
    CHECK(plain_text(markdown) == text);
  }
}

TEST_CASE("Markdown around formulas is lightened") {
  CHECK(plain_text("**For every** *step* `x_i * y` and a*b") == "For every step x_i * y and a*b");
  CHECK(plain_text("see [the card](card.md), 2 * 3 * 4") == "see the card, 2 * 3 * 4");
  CHECK(plain_text("## Statement\n\n* one\n* two\n") == "Statement\n\n* one\n* two\n");
  CHECK(plain_text("a \\| b, \\$5") == "a | b, $5");
}

TEST_CASE("broken formulas lose nothing but their marks") {
  CHECK(plain_text("costs $5") == "costs $5");
  for (const char* broken :
       {"$\\frac{1$", "$x_$", "$\\$", "$\\sqrt$", "$}{$", "$^$", "[a](", "`", "**", "\\", "$\\left.$"})
    CHECK_NOTHROW(plain_text(broken));
}

TEST_CASE("no TeX is left of the meanings of the constants") {
  const Constants constants;
  for (const auto& [key, constant] : constants.all()) {
    const std::string text = plain_text(constant.meaning);
    CAPTURE(text);
    CHECK(text.find_first_of("\\$") == std::string::npos);
  }
}

}  // namespace
}  // namespace assay

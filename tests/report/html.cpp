// Reports as HTML: what is in the Markdown is in the page, which needs no other file.
#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "report/html/links.hpp"
#include "report/html/markdown_tree.hpp"
#include "report/html/mathml.hpp"
#include "report/html/page.hpp"
#include "report/html/tables.hpp"
#include "report/index.hpp"
#include "report/markdown.hpp"
#include "report/portable_markdown.hpp"
#include "sample.hpp"
#include "svg_reading.hpp"
#include "theory/cards.hpp"

namespace assay::html {
namespace {

std::string html_of(const std::string& markdown) {
  return written(tree_of(markdown));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t number = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++number;
  return number;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The page without its doctype, style and script, which XML would skip.
std::string markup_of(const std::string& page) {
  std::string text = page.substr(page.find("<html"));
  for (const char* tag : {"style", "script"}) {
    const auto from = text.find(std::string("<") + tag + ">/*<![CDATA[*/"),
               to = text.find(std::string("</") + tag, from);
    if (from != std::string::npos) text.erase(from, to - from + std::string(tag).size() + 3);
  }
  return text;
}

/// A made-up report of two pages with everything in it.
std::vector<Page> report() {
  static const Theorem theorem = sample::theorem();
  const std::vector<Picture> pictures{
      {"a b", "Radius $R$", interval_chart_svg("t", "x", {{"a", sample::number("2"), "r"}})}};
  const std::vector<Picture> charts{
      {"charts/c", "Chart", "<svg xmlns=\"http://www.w3.org/2000/svg\"><clipPath id=\"frame\"></clipPath></svg>",
       "x,y\n1,2\n"}};
  RunInfo run = sample::run();
  run.inputs = {{"a <b> & \"c\".csv", std::string(64, 'f')}};
  std::vector<Picture> all = pictures;
  all.insert(all.end(), charts.begin(), charts.end());
  return {{theorem.id,
           {{&theorem, theorem_markdown(theorem, sample::kCard, sample::findings(), run, pictures, {charts}), all}}},
          {"index", {{nullptr, index_markdown({{&theorem, sample::findings()}}, {}, run)}}}};
}

TEST_CASE("the first number of a cell is its key, over all exponents") {
  const auto key = [](const char* cell) { return sort_key(cell).value(); };
  const std::vector<const char*> ordered{"-3e+400",
                                         "−2",
                                         "[-1, 5]",
                                         "0",
                                         "8.03e-93",
                                         "≤ 1e-4",
                                         "✓ 1.00",
                                         "1.5",
                                         "off by a factor of 2.3",
                                         "10^+1.3",
                                         "[3.26728e+1, 4e+89]",
                                         "✗ 650000",
                                         "9.9e+87",
                                         "a factor of 10^88 to 10^90 to spare",
                                         "2e88",
                                         "10^45199",
                                         "any factor"};
  for (std::size_t k = 1; k < ordered.size(); ++k) {
    CAPTURE(ordered[k]);
    CHECK(key(ordered[k - 1]) < key(ordered[k]));
  }
  CHECK(key("0.005 ± 4e-22") == key("5e-3"));
  CHECK(key("10^2") == key("100"));
  for (const char* text : {"", "—", "no number", "drawn-n4", "$n=4$ samples", "K_2"}) {
    CAPTURE(text);
    CHECK(!sort_key(text));
  }
}

TEST_CASE("a verdict is known by its words or its mark, the worst first") {
  CHECK(verdict_of("holds (vacuous)") == Verdict::holds);
  CHECK(verdict_of("true on all 9") == Verdict::holds);
  CHECK(verdict_of("passes on 7, inconclusive on 2") == Verdict::undecided);
  CHECK(verdict_of("false on 6, true on 3") == Verdict::fails);
  CHECK(verdict_of("✗ 1.7") == Verdict::fails);
  CHECK(verdict_of("✓ 10^89") == Verdict::holds);
  CHECK(verdict_of("?") == Verdict::undecided);
  CHECK(verdict_of("not applicable") == Verdict::not_applicable);
  for (const char* none : {"", "—", "statement", "faster", "holder", "$x$ holds"}) CHECK(!verdict_of(none));
}

TEST_CASE("whatever a report says is text of its page") {
  CHECK(html_of("a < b & c > d \"e\"\n") == "<p>a &lt; b &amp; c &gt; d &quot;e&quot;</p>\n");
  CHECK(has(html_of("<script>alert(1)</script>\n"), "&lt;script&gt;"));
  CHECK(has(html_of("x <img src=\"y\" onerror=\"z\"> y"), "&lt;img"));
  CHECK(has(html_of("| a |\n| --- |\n| <b>x</b> |\n"), "&lt;b&gt;x"));
  CHECK(has(html_of("<details onclick=\"x\">\n"), "&lt;details onclick"));
  CHECK(has(html_of("`<i>`"), "<code>&lt;i&gt;</code>"));
  CHECK(has(html_of(literal_markdown("<a>*&b_c_$")), "&lt;a&gt;*&amp;b_c_$"));
  CHECK(has(html_of("&lt; &#60; &unknown;"), "&lt; &lt; &amp;unknown;"));
  CHECK(html_of("<details>\n<summary>S & T</summary>\n\nx\n\n</details>\n\ny\n") ==
        "<details><summary>S &amp; T</summary>\n<p>x</p>\n</details>\n<p>y</p>\n");
  for (const char* unclosed :
       {"<details>\n\nx\n", "</details>\n\nx\n", "<details>\n<summary>a</summary>\n\n* <details>\n"})
    CHECK(trouble_in_xml("<p>" + html_of(unclosed) + "</p>") == "");
}

TEST_CASE("formulas of Markdown reach the converter as they are") {
  const Element tree = tree_of("a $x_1 < \\lVert y\\rVert_2$ and\n\n$$\na\\cr b\n$$\n");
  std::vector<std::string> found;
  Element copy = tree;
  for_each(copy, [&](Element& each) {
    if (each.kind == Element::Kind::formula) found.push_back(each.tag + ":" + each.text);
  });
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "inline:x_1 < \\lVert y\\rVert_2");
  CHECK(has(found[1], "block:"));
  CHECK(has(found[1], "a\\cr b"));
}

TEST_CASE("what the converter writes is MathML as browsers draw it") {
  const std::vector<Formula> formulas{{"\\lVert w\\rVert_2\\le0.01\\thinspace x"},
                                      {"\\mathcal N\\mathbf 1\\mathbb R"},
                                      {"\\lvert a\\rvert-P(A\\vert B)"},
                                      {"\\vert C_0\\vert"},
                                      {"x<y&", false},
                                      {"\\nosuchcommand", false},
                                      {"\\tfrac12\\lt1", true}};
  const auto mathml = mathml_of(formulas);
  REQUIRE(mathml[0]);
  CHECK(has(*mathml[0], "form=\"prefix\" stretchy=\"false\">‖<"));
  CHECK(has(*mathml[0], "form=\"postfix\" stretchy=\"false\">‖<"));
  CHECK(has(*mathml[0], "<mn>0.01</mn>"));
  CHECK(has(*mathml[1], "𝒩"));
  CHECK(has(*mathml[1], "𝟏"));
  CHECK(has(*mathml[1], "ℝ"));
  CHECK(!has(*mathml[1], "mathvariant"));
  CHECK(has(*mathml[2], "−"));
  CHECK(count(*mathml[2], "form=") == 2);  // the third bar is between
  CHECK(count(*mathml[3], "form=\"prefix\"") == 1);
  CHECK(count(*mathml[3], "form=\"postfix\"") == 1);
  CHECK(!mathml[4]);
  CHECK(!mathml[5]);
  REQUIRE(mathml[6]);
  CHECK(has(*mathml[6], "display=\"block\""));
  CHECK(has(*mathml[6], "&lt;"));
}

TEST_CASE("every formula of every statement, quantity and card can be converted") {
  std::string texts;
  const auto add = [&](const std::string& markdown) { texts += portable_markdown(markdown) + "\n\n"; };
  for (const Theorem& theorem : all_theorems()) {
    for (const auto* statements : {&theorem.hypotheses, &theorem.claims, &theorem.falsehoods})
      for (const Statement& statement : *statements)
        add(statement.text), add(statement.paper), add(statement.if_holds), add(statement.if_fails);
    for (const Remark& remark : theorem.remarks) add(remark.statement.text), add(remark.if_holds), add(remark.if_fails);
    for (const Quantity& quantity : theorem.quantities) add(quantity.meaning);
    add(theorem.title), add(theorem.proved), add(theorem.source.place);
  }
  for (const embedded::Card& card : embedded::theorem_cards()) add(std::string(card.text));
  Element tree = tree_of(texts);
  std::set<Formula> distinct;
  for_each(tree, [&](Element& each) {
    if (each.kind == Element::Kind::formula) distinct.insert({each.text, each.tag == "block"});
    if (each.kind == Element::Kind::text) CHECK(!has(each.text, "$"));
  });
  const std::vector<Formula> formulas(distinct.begin(), distinct.end());
  CHECK(formulas.size() > 300);
  const auto mathml = mathml_of(formulas);
  for (std::size_t k = 0; k < formulas.size(); ++k) {
    CAPTURE(formulas[k].tex);
    CHECK(mathml[k]);
  }
}

TEST_CASE("pages are well-formed, need no other file, and their links lead somewhere") {
  const std::vector<Page> all = report();
  const std::vector<std::string> written_pages = pages(all);
  REQUIRE(written_pages.size() == 2);
  std::vector<std::set<std::string>> ids(2);
  const auto matches = [](const std::string& text, const char* pattern) {
    std::vector<std::string> found;
    const std::regex expression(pattern);
    for (std::sregex_iterator k(text.begin(), text.end(), expression), end; k != end; ++k) found.push_back((*k)[1]);
    return found;
  };
  for (std::size_t k = 0; k < 2; ++k) {
    const std::string& page = written_pages[k];
    CHECK(page.starts_with("<!DOCTYPE html>"));
    CHECK(trouble_in_xml(markup_of(page)) == "");
    CHECK(matches(page, "(<link|@import|<iframe|<img| src=|url\\([^#])").empty());
    for (const std::string& id : matches(markup_of(page), " id=\"([^\"]*)\"")) CHECK(ids[k].insert(id).second);
    CHECK(!has(page, "<code>\\"));
  }
  for (std::size_t k = 0; k < 2; ++k)
    for (const std::string& href : matches(written_pages[k], "href=\"([^\"]*)\"")) {
      CAPTURE(href);
      if (href.starts_with("https://arxiv.org") || href.starts_with("data:text/csv")) continue;
      if (href.starts_with("counterexamples/")) continue;  // a network, beside the report
      const std::string file = href.substr(0, href.find('#'));
      CHECK((file.empty() || file == "index.html" || file == "ntk_perturbation.html"));
      if (has(href, "#"))
        CHECK(ids[file.empty() ? k : file == "index.html" ? 1 : 0].count(href.substr(href.find('#') + 1)) == 1);
    }
}

TEST_CASE("every verdict of the Markdown is one of the page, and leads to its claim and to the proof") {
  const std::vector<Page> all = report();
  const std::vector<std::string> written_pages = pages(all);
  const std::string& page = written_pages[0];
  std::size_t verdicts = 0;
  for (const Finding& finding : sample::findings()) verdicts += finding.claims.size();
  CHECK(count(page, "class=\"proof\"") >= verdicts);
  for (const char* id : {"softmax_row", "first_order"}) {
    CHECK(count(page, std::string("<tr id=\"") + id + "\"") == 1);
    for (const char* instance : {"1", "2", "3", "4"}) {
      CHECK(count(page, std::string("<tr id=\"") + id + "-" + instance + "\"") == 1);
      CHECK(has(page, std::string("href=\"#") + id + "-" + instance + "\""));
    }
    CHECK(has(page, std::string("href=\"#") + id + "\""));
  }
  for (const char* words :
       {"holds (vacuous)", "<strong>fails</strong>", "<strong>undecided</strong>", "<strong>not applicable</strong>"})
    CHECK(has(page, words));
  for (const char* name : {"holds", "fails", "undecided", "not-applicable"})
    CHECK(has(page, std::string("data-verdict=\"") + name + "\""));
  CHECK(has(page, "id=\"proof\""));
  CHECK(has(page, "./") == has(all[0].sections[0].markdown, "./"));
}

TEST_CASE("pictures, their data and the hashes of input files are in the page") {
  const std::string page = pages(report())[0];
  CHECK(count(page, "<svg") == 2);
  CHECK(has(page, "id=\"picture-2-frame\""));
  CHECK(has(page, "href=\"data:text/csv;charset=utf-8,x,y%0A1,2%0A\""));
  CHECK(has(page, "a &lt;b&gt; &amp; &quot;c&quot;.csv"));
  CHECK(has(page, std::string(64, 'f')));
}

TEST_CASE("a table of texts is told from one of numbers") {
  const std::string words(60, 'w');
  CHECK(has(pages({{"p", {{nullptr, "| a | b |\n| --- | --- |\n| x | " + words + " |\n"}}}})[0],
            "<table class=\"texts\""));
  CHECK(!has(pages({{"p", {{nullptr, "| a | b |\n| --- | --- |\n| x | 1 |\n"}}}})[0], "class=\"texts\""));
}

TEST_CASE("sections of one page keep their links apart, and links to pages that are not there are dropped") {
  const std::vector<Page> two = report();
  static Theorem other = sample::theorem();
  other.id = "other";
  Section second = two[0].sections[0];
  second.theorem = &other;
  const std::string page = pages({{"both", {two[0].sections[0], second}}})[0];
  CHECK(has(page, "<tr id=\"ntk_perturbation-softmax_row-1\""));
  CHECK(has(page, "<tr id=\"other-softmax_row-1\""));
  CHECK(has(page, "href=\"#other-instance-1\""));
  CHECK(!has(page, "index.html"));
  CHECK(has(page, "<span>all theorems</span>"));
}

TEST_CASE("a power of ten is written as one, but in code") {
  Page page{"p", {{nullptr, "# T\n\n10^+88 and `10^88`\n"}}};
  const std::string html = pages({page})[0];
  CHECK(has(html, "10<sup>+88</sup>"));
  CHECK(has(html, "<code>10^88</code>"));
}

}  // namespace
}  // namespace assay::html

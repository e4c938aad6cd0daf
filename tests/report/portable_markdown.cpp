#include "report/portable_markdown.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace assay {
namespace {

TEST_CASE("signs that Markdown would take are commands inside formulas") {
  for (const auto& [markdown, expected] : {
           std::pair<std::string, std::string>{"$\\max\\{C,\\,1\\}$", "$\\max\\lbrace C,\\thinspace1\\rbrace$"},
           {"$\\|x\\|_2$", "$\\Vert x\\Vert_2$"},
           {"$|C_0|<1$", "$\\vert C_0\\vert\\lt1$"},
           {"$H^*>0$", "$H^\\ast\\gt0$"},
           {"$\\tilde{W}_r$", "$\\tilde{W} _ r$"},
           {"$\\lambda_{\\min}(x_i)$", "$\\lambda_{\\min}(x_i)$"},
           {"$a\\!b\\;c$", "$ab\\thinspace c$"},
           {"$$a\\\\b$$", "$$a\\cr b$$"},
           {"$$\nx|y\n$$", "$$\nx\\vert y\n$$"},
       }) {
    const std::string shown(markdown);
    CAPTURE(shown);
    CHECK(portable_markdown(markdown) == expected);
  }
}

TEST_CASE("text and code stay as they are") {
  for (const char* markdown : {"a | b * c", "`$x|y$` and ``a ` | $``", "```\n$x|y$\n```\n", "costs $5 | or $ 6",
                               "\\$x|y$", "| a | b |\n| --- | --- |\n", "$x\n\n|y$", "`open", "$"})
    CHECK(portable_markdown(markdown) == markdown);
}

TEST_CASE("a cell is on one line, and its pipes do not end it") {
  CHECK(table_cell("a | b\nc") == "a \\| b c");
  CHECK(table_cell("$|x|$ or `a|b` or \\|") == "$\\vert x\\vert$ or `a\\|b` or \\|");
  CHECK(markdown_table({"a", "b"}, {{"1", "$|x|$"}}, {0}) == "| a | b |\n| ---: | --- |\n| 1 | $\\vert x\\vert$ |\n");
}

TEST_CASE("plain text shows literally") {
  CHECK(literal_markdown("w_drawn*.csv <a> $5") == "w\\_drawn\\*.csv \\<a\\> \\$5");
  CHECK(portable_markdown(literal_markdown("$|x|$")) == "\\$|x|\\$");
}

TEST_CASE("a file name becomes the target of a link, byte by byte") {
  CHECK(link_target("out/a-b_1.svg") == "out/a-b_1.svg");
  CHECK(link_target("a b(1)<>%ü\t") == "a%20b%281%29%3C%3E%25%C3%BC%09");
}

TEST_CASE("headings move below those of the page") {
  CHECK(with_headings_from("# Title\n\n## One\n```\n# code\n```\n### Two\n", 3) ==
        "### One\n```\n# code\n```\n#### Two\n");
  CHECK(with_headings_from("Text\n# One", 3) == "Text\n### One\n");
  CHECK(with_headings_from("", 3) == "");
}

}  // namespace
}  // namespace assay

#include <set>

#include "json_reading.hpp"

namespace assay {
namespace {

using nlohmann::json;

json json_of(const std::string& options) {
  const Scratch scratch;
  const Run run = run_program(scratch, words("bounds --json - " + options));
  CAPTURE(options);
  CAPTURE(run.err);
  REQUIRE(run.status == 0);
  return json::parse(run.out);
}

std::vector<std::string> values_of(const std::string& range, const std::string& variable = "n") {
  std::vector<std::string> values;
  const json table = json_of("--vary " + range);
  for (const json& point : table.at("points")) values.push_back(point.at("at").at(variable));
  return values;
}

using Texts = std::vector<std::string>;

TEST_CASE("ranges are exact: factors, differences, lists") {
  CHECK(values_of("n=8:100:x2") == Texts{"8", "16", "32", "64"});
  CHECK(values_of("n=8:64:x2") == Texts{"8", "16", "32", "64"});
  CHECK(values_of("n=8,16,100") == Texts{"8", "16", "100"});
  CHECK(values_of("n=2^3:1e2:+2^5") == Texts{"8", "40", "72"});
  CHECK(values_of("n=64:10:x1/2") == Texts{"64", "32", "16"});
  CHECK(values_of("n=10:1:+-3") == Texts{"10", "7", "4", "1"});
  CHECK(values_of("n=5:5:+1") == Texts{"5"});
  CHECK(values_of("sigma=0.1:0.5:+0.1", "sigma") == Texts{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(values_of("sigma=1:2:+1/3", "sigma") == Texts{"1", "4/3", "5/3", "2"});
  CHECK(values_of("sigma=0.010:0.1:x2.50", "sigma") == Texts{"0.01", "0.025", "0.0625"});
  CHECK(values_of("lambda=1e-30:1e-28:x10", "lambda") == Texts{"1e-30", "1e-29", "1e-28"});
  CHECK(values_of("lambda=1e20:1e22:x10", "lambda") == Texts{"1e20", "1e21", "1e22"});
  CHECK(values_of("e1.exponent=8,10", "e1.exponent") == Texts{"8", "10"});
}

TEST_CASE("every point of a grid is what one call gives there") {
  const json table = json_of("--vary n=4,8 --vary sigma=0.1:0.3:+0.1 --vary C=1,10 --lambda 1/3 --elasticity n,C");
  CHECK(table.at("schema") == "assay.bounds_table/1");
  REQUIRE(table.at("points").size() == 12);
  CHECK_FALSE(table.at("inputs").contains("n"));
  CHECK(table.at("inputs").at("lambda") == "1/3");
  std::set<json> places;
  for (const json& point : table.at("points")) places.insert(point.at("at"));
  CHECK(places.size() == 12);
  for (const std::size_t k : {std::size_t{0}, std::size_t{7}, std::size_t{11}}) {
    const json& point = table.at("points").at(k);
    const auto at = [&](const char* name) { return point.at("at").at(name).get<std::string>(); };
    const json one =
        json_of(fmt::format("--n {} --sigma {} --C {} --lambda 1/3 --elasticity n,C", at("n"), at("sigma"), at("C")));
    CHECK(point.at("bounds") == one.at("bounds"));
    CHECK(point.at("elasticities") == one.at("elasticities"));
    CHECK(point.at("vacuous") == one.at("vacuous"));
  }
}

/// Cells of a CSV; a quoted cell has no quotes inside.
std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows{{""}};
  bool quoted = false;
  for (const char c : csv) {
    if (c == '"')
      quoted = !quoted;
    else if (c == '\n')
      rows.push_back({""});
    else if (c == ',' && !quoted)
      rows.back().push_back("");
    else
      rows.back().back() += c;
  }
  rows.pop_back();
  return rows;
}

TEST_CASE("the CSV has both ends of every bound, and logarithms of what leaves double") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("bounds --vary n=1,8,1e6 --vary sigma=1/4,40 --csv t.csv --elasticity n"));
  REQUIRE(run.status == 0);
  const auto rows = cells_of(contents(scratch.path("t.csv")));
  REQUIRE(rows.size() == 7);
  const std::vector<std::string>& names = rows.front();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  const auto column = [&](const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    REQUIRE_MESSAGE(found != names.end(), name);
    return static_cast<std::size_t>(found - names.begin());
  };
  CHECK(rows[1][column("sigma")] == "0.25");
  CHECK(rows[1][column("Gamma_delta_lo")] == "");  // not defined at n = 1
  CHECK(rows[4][column("dlog_m_dlog_n_lo")] != "");
  for (std::size_t k = 1; k < rows.size(); ++k) {
    REQUIRE(rows[k].size() == names.size());
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (!names[c].ends_with("_lo") || rows[k][c].empty()) continue;
      CAPTURE(names[c]);
      CHECK(names[c + 1] == names[c].substr(0, names[c].size() - 3) + "_hi");
      CHECK_NOTHROW(static_cast<void>(from_decimal_ends(rows[k][c], rows[k][c + 1], 256)));  // lo <= hi
    }
    // m and its logarithm are the same number.
    const Interval m = from_decimal_ends(rows[k][column("m_lo")], rows[k][column("m_hi")], 256);
    const Interval log = from_decimal_ends(rows[k][column("m_log10_lo")], rows[k][column("m_log10_hi")], 256);
    CHECK(overlap(log10(m), log));
  }
}

TEST_CASE("elasticities are those of the formulas") {
  const json at_ten = json_of("--n 10 --d 4 --sigma 1 --C 10 --elasticity all").at("elasticities");
  const auto value = [&](const char* bound, const char* variable) {
    return enclosure(at_ten.at(bound).at(variable), 200);
  };
  CHECK(value("m", "lambda").contains(-2.0));
  CHECK(value("m", "lambda").is_point());
  CHECK(value("eta", "lambda").contains(3.0));
  CHECK(value("B", "sigma").contains(1.0));
  const Interval l = log(Decimal("400").at(200)), b = 10 * sqrt(l);
  CHECK(overlap(value("B", "n"), 1 / (2 * l)));
  CHECK(overlap(value("m", "sigma"), 18 * b));
  CHECK(overlap(value("m", "n"), 2 + 2 / l + 9 * b / l));
  CHECK(overlap(value("T_hat", "epsilon"), -1 / log(Decimal("4000").at(200))));
  CHECK(value("m", "sigma").relative_width() < 1e-14);
  CHECK(at_ten.at("C_consistent_min").at("n").at("sense") == "undefined");
  // Constants of the table vary too; R and R_H have defaults that come from them.
  const json in_constants = json_of("--elasticity e1.radius_max,e6.c_Lambda,e3.exponent").at("elasticities");
  CHECK(enclosure(in_constants.at("perturbation_bound").at("e1.radius_max"), 64).contains(1.0));
  CHECK(enclosure(in_constants.at("A_RH").at("e6.c_Lambda"), 64).contains(1.0));
  CHECK(enclosure(in_constants.at("m").at("e3.exponent"), 64).lower_double() > 400);
  // At the floor of B the scale does not count.
  const json at_floor = json_of("--sigma 0.001 --C 1 --elasticity sigma").at("elasticities");
  CHECK(enclosure(at_floor.at("m").at("sigma"), 64).is_point());
  CHECK(at_floor.at("m").at("sigma").at("at_kink") == false);
  CHECK(json_of("--epsilon 1e9 --elasticity n").at("elasticities").at("T_hat").at("n").at("sense") == "undefined");
}

TEST_CASE("lambda comes from rows, and is that of evaluate") {
  const Scratch scratch;
  scratch.file("x.csv", "0.5,0.25,0.5\n-0.5,0.125,0.25\n0.25,0.5,-0.5\n");
  scratch.file("y.csv", "1\n-0.5\n0\n");
  const auto run_json = [&](const std::string& line) {
    const Run run = run_program(scratch, words(line));
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    return json::parse(run.out);
  };
  const auto compare = [&](const std::string& bounds, const std::string& evaluated) {
    const json report = run_json("bounds --json - " + bounds);
    const Interval lambda = enclosure(report.at("lambda"), 200);
    CHECK(lambda.relative_width() < 1e-19);
    CHECK(overlap(
        lambda,
        enclosure(run_json("evaluate --json - --m 2 " + evaluated).at("quantities").at("lambda_min_K_inf"), 200)));
    // It is what the bounds were computed with: R = lambda / (2nd e^{10B}), eta / lambda^3 and the like.
    const Interval per_lambda = enclosure(report.at("bounds").at("R_convex"), 200) / lambda;
    const std::string n = report.at("inputs").at("n");
    const json at_one = run_json("bounds --json - --lambda 1 --sigma 1/2 --n " + n);
    CHECK(overlap(per_lambda, enclosure(at_one.at("bounds").at("R_convex"), 200)));
  };
  compare("--x x.csv --sigma 1/2", "--x x.csv --y y.csv --sigma 1/2");
  compare("--drawn-x --n 5 --d-in 3 --seed 7 --sigma 1/2", "--n 5 --d-in 3 --d 4 --seed 7 --sigma 1/2");
  const json grid = run_json("bounds --json - --drawn-x --vary n=2,4 --vary d_in=3,5 --sigma 1/2 --show m");
  REQUIRE(grid.at("points").size() == 4);
  const json point = run_json("bounds --json - --drawn-x --n 4 --d-in 3 --sigma 1/2");
  CHECK(grid.at("points").at(2).at("lambda") == point.at("lambda"));
  CHECK(grid.at("points").at(2).at("bounds") == point.at("bounds"));
}

TEST_CASE("a lambda that nobody gave is called assumed") {
  const Scratch scratch;
  for (const char* line : {"bounds", "bounds --vary n=2,3", "bounds --solve n --such-that m<=1e9"})
    CHECK(run_program(scratch, words(line)).out.find("assumed") != std::string::npos);
  for (const char* line : {"bounds --lambda 0.1", "bounds --lambda 0.1 --vary n=2,3", "bounds --vary lambda=1,2"})
    CHECK_MESSAGE(run_program(scratch, words(line)).out.find("assumed") == std::string::npos, line);
}

TEST_CASE("the table shows the columns that were picked, what drives them, and a picture is drawn") {
  const Scratch scratch;
  const Run run =
      run_program(scratch, words("bounds --vary n=8:1024:x2 --vary sigma=0.01,1 --C 1 --show m,T-hat,R --svg p.svg"));
  REQUIRE(run.status == 0);
  CHECK(run.out.find("n     sigma  m         T_hat     R_convex\n") != std::string::npos);
  CHECK(run.out.find("e^(18B)") != std::string::npos);
  CHECK(run.out.find(" of 16 points") != std::string::npos);
  const std::string svg = contents(scratch.path("p.svg"));
  for (const char* text : {"<svg", "n, number of samples", "width m (neurons); σ = 0.01", "steps of gradient descent"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  const Run beyond = run_program(scratch, words("bounds --vary sigma=1:50:x2 --svg q.svg"));
  REQUIRE(beyond.status == 0);
  CHECK(contents(scratch.path("q.svg")).find("log10 of: width m (neurons)") != std::string::npos);
}

TEST_CASE("a table that the time ended has its first points, and says so") {
  const Scratch scratch;
  const Run run = run_program(scratch, words("bounds --vary n=1:50000:+1 --json t.json --time-limit 2"));
  CHECK(run.status == 3);
  if (run.err.empty()) {  // on a machine that computes one point in that time
    const json table = json_file(scratch, "t.json");
    CHECK(table.at("points").size() < 50000);
    CHECK(table.at("points").at(0).at("at").at("n") == "1");
    CHECK(table.at("notes").at(0).get<std::string>().starts_with("Only the first "));
  }
}

TEST_CASE("the examples of the help run") {
  const Scratch scratch;
  const std::string help = run_program(scratch, {"bounds", "--help"}).out;
  int examples = 0;
  for (auto at = help.find("\n  assay bounds "); at != std::string::npos; at = help.find("\n  assay bounds ", at + 1)) {
    const std::string line = help.substr(at + 9, help.find('\n', at + 1) - at - 9);
    CAPTURE(line);
    std::string plain = line;
    std::erase(plain, '\'');
    const Run run = run_program(scratch, words(plain));
    CHECK(run.status == 0);
    CHECK(run.err == "");
    CHECK(run.out != "");
    ++examples;
  }
  CHECK(examples >= 5);
}

TEST_CASE("what cannot be varied is said in one line") {
  const Scratch scratch;
  scratch.file("x.csv", "0.5,0.25\n-0.5,0.125\n");
  scratch.file("twice.csv", "0.5,0.25\n0.5,0.25\n");
  struct Bad {
    const char *line, *message;
  };
  for (const Bad& bad : std::vector<Bad>{
           {"--vary n", "--vary: expected a variable and its values such as n=8:4096:x2"},
           {"--vary width=1,2", "--vary: unknown variable 'width'; expected one of n, d, d_in, sigma, delta"},
           {"--vary n=8:16", "--vary n: expected a range such as n=8:4096:x2"},
           {"--vary n=8:16:2", "--vary n: expected a step xFACTOR or +DIFFERENCE such as x2 or +0.1"},
           {"--vary n=8:16:x1", "--vary n: expected a step that leads from the first value to the last"},
           {"--vary n=8:16:+0", "--vary n: expected a step that leads from the first value to the last"},
           {"--vary n=8:16:+-1", "--vary n: expected a step that leads from the first value to the last"},
           {"--vary n=8:16:x-2", "--vary n: expected a step that leads from the first value to the last"},
           {"--vary n=1:1e9:+1", "--vary n: expected at most 100000 values"},
           {"--vary n=1:1000:+1 --vary d=1:1000:+1", "--vary: expected at most 100000 points in all"},
           {"--vary n=8,abc", "--vary n: expected a decimal number"},
           {"--vary n=8,", "--vary n: expected a decimal number"},
           {"--vary n=8:50:x1.5", "--vary: --n: expected a positive integer such as 12, 1e6 or 2^20"},
           {"--vary delta=0.1,1", "--vary: --delta: expected a probability in (0, 1), found 1"},
           {"--vary n=1,2 --vary n=3,4", "--vary n: given more than once"},
           {"--vary n=1,2 --show width", "--show: unknown bound 'width'; expected one of R_perturbation_max"},
           {"--show m", "--show: expected --vary beside it"},
           {"--csv t.csv", "--csv: expected --vary beside it"},
           {"--svg t.svg", "--svg: expected --vary beside it"},
           {"--vary n=3,3 --svg t.svg", "--svg: expected --vary with more than one value"},
           {"--elasticity width", "--elasticity: unknown variable 'width'"},
           {"--x x.csv --lambda 1", "--lambda: expected no --x or --drawn-x beside it"},
           {"--x x.csv --drawn-x", "--x and --drawn-x both say where the rows come from"},
           {"--x x.csv --n 3", "--n 3: expected 2, as x.csv is 2 x 2"},
           {"--x x.csv --vary n=2,3", "--vary n: the rows of --x fix it"},
           {"--x twice.csv", "--x: the smallest eigenvalue of K_infinity is 0"},
           {"--x none.csv", "none.csv: cannot be opened"},
           {"--seed 3", "--seed: expected --drawn-x beside it"},
           {"--model relu", "--model: expected --x or --drawn-x beside it"},
           {"--drawn-x --model tanh2", "--model: unknown model 'tanh2'; expected one of softmax, exp, relu"},
           {"--drawn-x --n 1e6", "--n: expected an integer from 1 to 1000 where lambda comes from rows"},
           {"--drawn-x --vary lambda=1,2", "--vary lambda: expected no --x or --drawn-x"}}) {
    CAPTURE(bad.line);
    const std::size_t files = scratch.files();
    const Run run = run_program(scratch, words(std::string("bounds ") + bad.line));
    CHECK(run.status == 2);
    CHECK(run.out == "");
    CAPTURE(run.err);
    CHECK(run.err.starts_with(std::string("assay: ") + bad.message));
    CHECK(run.err.find('\n') == run.err.size() - 1);
    CHECK(scratch.files() == files);
  }
}

}  // namespace
}  // namespace assay

// A guess that fails costs the guess, not the report.

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "app/run_program.hpp"
#include "enclosure/approx/point_matrix.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/curvature.hpp"
#include "network/search/adversary.hpp"
#include "network/search/eigenvalue_adversary.hpp"

namespace assay {
namespace {

Instance network(const RealMatrix& x, const RealMatrix& w, const SignMatrix& a) {
  Instance instance;
  instance.x = x;
  instance.y = RealMatrix::Constant(x.rows(), a.cols(), 0.5);
  instance.w = w;
  instance.a = a;
  return instance;
}

TEST_CASE("a direction of lowest curvature is guessed where the Hessian is 0, not finite or subnormal") {
  const SignMatrix same{{1}, {1}}, opposite{{1}, {-1}};
  const auto of = [](double x, double first, double second, const SignMatrix& a) {
    return network(RealMatrix::Constant(1, 1, x), RealMatrix{{first}, {second}}, a);
  };
  const std::vector<Instance> instances{of(1, 0.3, -0.7, same), of(1e-310, 1, 2, opposite),
                                        of(1, 1e30, -1e30, opposite), of(1e200, 1, -1, opposite)};
  for (const Instance& instance : instances) {
    RealMatrix direction;
    CHECK_NOTHROW(direction = approx_lowest_curvature(instance));
    CHECK(direction.rows() == 2);
    CHECK(direction.allFinite());
    CHECK(direction.norm() > 0);
  }
}

TEST_CASE("an eigenvector is guessed of every matrix") {
  for (const double entry :
       {0.0, 5e-324, 1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    for (const Index n : {1, 3, 60}) {
      Eigen::VectorXd v;
      CHECK_NOTHROW(v = approx_lowest_eigenvector(Eigen::MatrixXd::Constant(n, n, entry)));
      CHECK(v.size() == n);
      CHECK(v.allFinite());
    }
}

TEST_CASE("the eigenvector that is guessed is the lowest, at every size") {
  for (const Index n : {1, 3, 60}) {
    Eigen::VectorXd diagonal = Eigen::VectorXd::LinSpaced(n, 2, 4);
    diagonal(n / 2) = 1;
    const Eigen::VectorXd v = approx_lowest_eigenvector(Eigen::MatrixXd(diagonal.asDiagonal()));
    CHECK(std::fabs(v(n / 2)) >= 0.999 * v.norm());
  }
}

TEST_CASE("nothing is known of the eigenvalues of a matrix with an unbounded entry") {
  IntervalMatrix a(2, 2);
  a(0, 0) = Interval(1, 64);
  a(1, 1) = Interval::whole_line(64);
  for (const Interval& value : {enclose_lambda_min(a, 1e-6, 64), enclose_lambda_max(a, 1e-6, 64)}) {
    CHECK(value.lower_double() == -std::numeric_limits<double>::infinity());
    CHECK(value.upper_double() == std::numeric_limits<double>::infinity());
  }
}

TEST_CASE("the program reports on instances whose guesses fail") {
  const Scratch scratch;
  scratch.file("x.csv", "1\n");
  scratch.file("tiny.csv", "1e-310\n");
  scratch.file("y.csv", "0.5\n");
  scratch.file("w.csv", "0.3\n-0.7\n");
  scratch.file("huge.csv", "1e30\n-1e30\n");
  scratch.file("same.csv", "1\n1\n");
  scratch.file("opposite.csv", "1\n-1\n");
  const std::vector<std::string> instances{"--x x.csv --w w.csv --a same.csv --sigma 1",
                                           "--x tiny.csv --w w.csv --a opposite.csv --sigma 1",
                                           "--x x.csv --w huge.csv --a opposite.csv --sigma 1e30"};
  for (const std::string& instance : instances)
    for (const std::string theorem : {"convex_region", "ntk_perturbation", "infinite_width"}) {
      CAPTURE(instance);
      CAPTURE(theorem);
      std::vector<std::string> arguments{"check", theorem, "--y", "y.csv"};
      for (const std::string& word : words(instance)) arguments.push_back(word);
      const Run run = run_program(scratch, arguments);
      CAPTURE(run.err);
      CHECK((run.status == 0 || run.status == 1 || run.status == 3));
    }
  const Run run = run_program(scratch, words("check convex_region --n 4 --d 2 --d-in 4 --m 64 --sigma 30000"));
  CAPTURE(run.err);
  CHECK((run.status == 0 || run.status == 3));
}

}  // namespace
}  // namespace assay

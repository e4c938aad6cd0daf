#include "data/instance.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <vector>

#include "chance/draw.hpp"
#include "data/drawn.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"
#include "support/scratch.hpp"

namespace assay {
namespace {

using Change = std::function<void(InstanceRequest&)>;

/// n = 4, d_in = 3, d = 2, m = 6, all drawn.
InstanceRequest drawn_request() {
  InstanceRequest request;
  request.n = 4;
  request.d_in = 3;
  request.d = 2;
  request.m = 6;
  request.seed = 7;
  return request;
}

std::string complaint(const InstanceRequest& request) {
  return input_error_of([&] { make_instance(request); });
}

std::string said(const InstanceRequest& request) {
  std::string text;
  for (const auto& [field, value] : given_fields(request))
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field.key, value);
  return text;
}

bool same_instance(const Instance& a, const Instance& b) {
  return a.name == b.name && given_fields(a.request) == given_fields(b.request) && a.x == b.x && a.y == b.y &&
         a.w == b.w && a.a == b.a && a.sigma == b.sigma && a.seed == b.seed && a.drawn_weights == b.drawn_weights;
}

TEST_CASE("a drawn instance has its shapes and defaults") {
  const Instance instance = make_instance(drawn_request());
  CHECK(instance.n() == 4);
  CHECK(instance.d_in() == 3);
  CHECK(instance.d() == 2);
  CHECK(instance.m() == 6);
  CHECK(instance.a.rows() == 6);
  CHECK(instance.a.cols() == 2);
  CHECK(instance.y.rows() == 4);
  CHECK(instance.sigma == 1.0);
  CHECK(instance.seed == 7);
  CHECK(instance.drawn_weights);
  CHECK(instance.name == "drawn-n4-din3-d2-m6-s1-seed7");
  CHECK(said(instance.request) == "n 4, d_in 3, d 2, m 6, sigma 1, seed 7");
  InstanceRequest request = drawn_request();
  request.seed.reset();
  CHECK(make_instance(request).seed == 1);
  request.d_in.reset();
  CHECK(make_instance(request).d_in() == 2);
  request.d_in = 5;
  request.d.reset();
  CHECK(make_instance(request).d() == 5);
  CHECK(said(make_instance(request).request) == "n 4, d_in 5, d 5, m 6, sigma 1, seed 1");
}

TEST_CASE("initialization is paired and every entry comes from its place") {
  InstanceRequest request = drawn_request();
  request.sigma = 0.3;
  const Instance instance = make_instance(request);
  for (Eigen::Index r = 0; r < 6; ++r) {
    const auto pair = static_cast<std::uint64_t>(r / 2);
    for (Eigen::Index k = 0; k < 3; ++k) {
      CHECK(instance.w(r, k) == 0.3 * normal_entry(7, Stream::weights, pair, static_cast<std::uint64_t>(k)));
    }
    for (Eigen::Index l = 0; l < 2; ++l) {
      CHECK(instance.a(r, l) == (r % 2 == 0 ? 1 : -1) * sign_entry(7, pair, static_cast<std::uint64_t>(l)));
    }
  }
  CHECK(instance.x.row(0) != instance.x.row(1));
  std::vector<double> x(3), y(2);
  draw_sphere_point(7, Stream::inputs, 3, x);
  draw_sphere_point(7, Stream::labels, 3, y);
  CHECK(instance.x.row(3) == Eigen::Map<const Eigen::RowVectorXd>(x.data(), 3));
  CHECK(instance.y.row(3) == Eigen::Map<const Eigen::RowVectorXd>(y.data(), 2));
}

TEST_CASE("a wider network contains the narrower one and data do not depend on the width") {
  InstanceRequest request = drawn_request();
  const Instance narrow = make_instance(request);
  request.m = 40;
  request.n = 9;
  const Instance wide = make_instance(request);
  CHECK(wide.w.topRows(6) == narrow.w);
  CHECK(wide.a.topRows(6) == narrow.a);
  CHECK(wide.x.topRows(4) == narrow.x);
  CHECK(wide.y.topRows(4) == narrow.y);
}

TEST_CASE("drawn rows lie in the unit ball") {
  InstanceRequest request = drawn_request();
  request.n = 200;
  const Instance instance = make_instance(request);
  for (Eigen::Index i = 0; i < 200; ++i) {
    CHECK(in_unit_ball(row_of(instance.x, i)));
    CHECK(in_unit_ball(row_of(instance.y, i)));
  }
}

TEST_CASE("a drawn instance gives the frozen doubles") {
  InstanceRequest request = drawn_request();
  request.sigma = 0.7;
  const Instance instance = make_instance(request);
  const RealMatrix x{{-0x1.3b34a124af4d4p-1, 0x1.90981438beb8cp-1, -0x1.80d1b31e496eep-4},
                     {0x1.28711c4f6e964p-1, 0x1.9fb40a1859aap-6, -0x1.a13ff9540bd39p-1}};
  const RealMatrix w{{0x1.e3d152eed6147p-2, -0x1.ea4979dbd07f8p-1, -0x1.5385e23d6f1b7p-1},
                     {0x1.27a4547101486p-1, 0x1.355ad3841b73bp+0, 0x1.7335b62b4a058p-1},
                     {-0x1.ac0ff60bd9072p+0, 0x1.716f7810dccd1p-1, 0x1.2b105c10e20b7p-2}};
  const SignMatrix a{{-1, 1}, {1, 1}, {-1, -1}};
  CHECK(instance.x.topRows(2) == x);
  CHECK(instance.w(Eigen::seq(0, 4, 2), Eigen::all) == w);
  CHECK(instance.a(Eigen::seq(0, 4, 2), Eigen::all) == a);
}

/// Files of an instance with n = 2, d_in = 3, d = 1, m = 3.
struct Files {
  Scratch scratch;
  InstanceRequest request;

  Files() {
    request.x_file = scratch.file("x.csv", "0.1,0.2,0.3\n-1,0,0\n");
    request.y_file = scratch.file("y.csv", "1\n-0.5\n");
    request.w_file = scratch.file("w.csv", "1,2,3\n4,5,6\n7,8,9\n");
    request.a_file = scratch.file("a.csv", "1\n-1.0\n+1\n");
  }
};

TEST_CASE("an instance from files holds the numbers in them") {
  Files files;
  Instance instance = make_instance(files.request);
  CHECK(instance.x == RealMatrix{{0.1, 0.2, 0.3}, {-1, 0, 0}});
  CHECK(instance.y == RealMatrix{{1}, {-0.5}});
  CHECK(instance.w == RealMatrix{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  CHECK(instance.a == SignMatrix{{1}, {-1}, {1}});
  CHECK_FALSE(instance.drawn_weights);
  CHECK_FALSE(instance.sigma);
  CHECK_FALSE(instance.seed);
  CHECK(instance.name.starts_with("files-assay-test-"));  // the folder, as the file is just called x
  files.request.sigma = 0.5;
  files.request.m = 3;
  files.request.n = 2;
  CHECK(make_instance(files.request).sigma == 0.5);
  files.request.x_file = files.scratch.file("two points.csv", "0.1,0.2,0.3\n-1,0,0\n");
  CHECK(make_instance(files.request).name == "files-two-points");
}

TEST_CASE("data and weights mix") {
  Files files;
  InstanceRequest data_only = files.request;
  data_only.w_file.reset();
  data_only.a_file.reset();
  data_only.m = 8;
  const Instance drawn_weights = make_instance(data_only);
  CHECK(drawn_weights.m() == 8);
  CHECK(drawn_weights.d_in() == 3);
  CHECK(drawn_weights.d() == 1);
  CHECK(drawn_weights.seed == 1);
  CHECK(drawn_weights.drawn_weights);
  CHECK(drawn_weights.name.ends_with("-m8-s1-seed1"));

  InstanceRequest flowers;
  flowers.data = "iris";
  flowers.data_rows = {1, 51, 101};
  flowers.m = 4;
  flowers.sigma = 0.25;
  const Instance iris_instance = make_instance(flowers);
  CHECK(iris_instance.name == "iris-3rows-m4-s0.25-seed1");
  CHECK(said(iris_instance.request) == "data iris, rows 1,51,101, m 4, sigma 0.25, seed 1");
  CHECK(iris_instance.n() == 3);
  CHECK(iris_instance.w.cols() == 4);
  CHECK(iris_instance.a.cols() == 3);
  flowers.data_rows.clear();
  CHECK(make_instance(flowers).name == "iris-m4-s0.25-seed1");
  CHECK(make_instance(flowers).n() == 150);

  InstanceRequest weights_only = files.request;
  weights_only.x_file.reset();
  weights_only.y_file.reset();
  weights_only.n = 2;
  weights_only.d_in = 3;
  weights_only.d = 1;
  const Instance drawn_data = make_instance(weights_only);
  CHECK(drawn_data.w(2, 2) == 9);
  CHECK_FALSE(drawn_data.drawn_weights);
  CHECK(drawn_data.seed == 1);
}

TEST_CASE("the committed reference instances are read and agree in shape") {
  for (const std::string folder : {"small", "rectangular", "large_sigma"}) {
    const std::string path = std::string(ASSAY_TEST_DATA) + "/reference/" + folder + "/";
    InstanceRequest request;
    request.x_file = path + "x.csv";
    request.y_file = path + "y.csv";
    request.w_file = path + "w.csv";
    request.a_file = path + "a.csv";
    const Instance instance = make_instance(request);
    CHECK(instance.name == "files-" + folder);
    CHECK(instance.w.row(0) == instance.w.row(1));
    CHECK(instance.a.row(0) == -instance.a.row(1));
  }
}

TEST_CASE("an instance is the same one when made from what it says reproduces it") {
  InstanceRequest request;
  request.n = 4;
  request.d = 2;
  request.m = 6;
  const Instance first = make_instance(request);
  CHECK(said(first.request) == "n 4, d_in 2, d 2, m 6, sigma 1, seed 1");
  CHECK(same_instance(first, make_instance(first.request)));
  request.d_in = 2;
  request.sigma = 1;
  request.seed = 1;
  CHECK(same_instance(first, make_instance(request)));
}

TEST_CASE("every field that was given is told, in the order of the command line") {
  InstanceRequest request;
  request.x_file = "my data/x.csv";
  request.y_file = "it's y.csv";
  request.w_file = "-w.csv";
  request.a_file = "plain/a.npy";
  request.sigma = 0.1;
  request.header = true;
  CHECK(said(request) == "x my data/x.csv, y it's y.csv, w -w.csv, a plain/a.npy, sigma 0.1, header true");
  CHECK(given_fields({}).empty());
}

TEST_CASE("incomplete or contradictory options are refused in one line") {
  const double infinity = std::numeric_limits<double>::infinity();
  struct Refused {
    Change change;
    std::string_view message;
  };
  const std::string_view no_width = "the width is missing: give m (even), or w and a";
  const Refused refused[] = {
      {[](auto& r) { r = {}; }, "the data are missing: give n and d (drawn), x and y, or data iris"},
      {[](auto& r) { r.n.reset(); }, "the data are missing: give n and d (drawn), x and y, or data iris"},
      {[](auto& r) { r.d.reset(), r.d_in.reset(); }, "the dimension is missing: give d, d_in or both with n"},
      {[](auto& r) { r.m.reset(); }, no_width},
      {[](auto& r) { r.m = 7; }, "paired initialization needs an even width; m 7 is odd"},
      {[](auto& r) { r.m = 0; }, "m 0: expected at least 1"},
      {[](auto& r) { r.m = -4; }, "m -4: expected at least 1"},
      {[](auto& r) { r.n = 0; }, "n 0: expected at least 1"},
      {[](auto& r) { r.d = -1; }, "d -1: expected at least 1"},
      {[](auto& r) { r.d_in = 0; }, "d_in 0: expected at least 1"},
      {[](auto& r) { r.sigma = 0; }, "sigma 0: expected a finite number above 0"},
      {[](auto& r) { r.sigma = -1; }, "sigma -1: expected a finite number above 0"},
      {[=](auto& r) { r.sigma = infinity; }, "sigma inf: expected a finite number above 0"},
      {[](auto& r) { r.sigma = 1e308; }, "sigma 1e+308: drawn weights would overflow"},
      {[](auto& r) { r.x_file = "x.csv"; }, "the labels are missing: give y together with x"},
      {[](auto& r) { r.y_file = "y.csv"; }, "the inputs are missing: give x together with y"},
      {[](auto& r) { r.w_file = "w.csv"; }, "the output signs are missing: give a together with w"},
      {[](auto& r) { r.a_file = "a.csv"; }, "the weights are missing: give w together with a"},
      {[](auto& r) { r.data = "iris", r.x_file = "x.csv"; },
       "data and x both say where the data come from: give one of them"},
      {[](auto& r) { r.data = "iris", r.y_file = "y.csv"; },
       "data and y both say where the data come from: give one of them"},
      {[](auto& r) { r.data_rows = {1}; }, "rows needs data, whose rows it chooses"},
      {[](auto& r) { r.data = "mnist"; }, "data: 'mnist' is not a built-in data set (available: iris)"},
      {[](auto& r) { r.data = "iris"; }, "n 4 contradicts X of iris (150 x 4): expected n = 150"},
      {[](auto& r) { r.data = "iris", r.n.reset(); }, "d_in 3 contradicts X of iris (150 x 4): expected d_in = 4"},
      {[](auto& r) { r.data = "iris", r.n.reset(), r.d_in.reset(); },
       "d 2 contradicts Y of iris (150 x 3): expected d = 3"},
      {[](auto& r) { r.n = std::int64_t{1} << 61; },
       "n, d_in: a matrix of 2305843009213693952 x 3 needs 51539607552.0 GiB, more than the memory of this "
       "machine"},
      {[](auto& r) { r.m = (std::int64_t{1} << 40) + 2; },
       "m 1099511627778: expected at most 2^40 = 1099511627776 "
       "neurons"},
  };
  for (const Refused& row : refused) {
    InstanceRequest request = drawn_request();
    row.change(request);
    CAPTURE(row.message);
    CHECK(complaint(request) == row.message);
  }
}

TEST_CASE("files that do not fit together are refused with both shapes") {
  struct Refused {
    const char* name;
    const char* text;
    const char* message;
  };
  const Refused refused[] = {
      {"x.csv", "1,2,3\n", "{0}x.csv (1 x 3) and {0}y.csv (2 x 1): expected the same number of rows"},
      {"y.csv", "1\n2\n3\n", "{0}x.csv (2 x 3) and {0}y.csv (3 x 1): expected the same number of rows"},
      {"y.csv", "1,2\n3,4\n", "{0}a.csv (3 x 1) and {0}y.csv (2 x 2): expected the same number of columns"},
      {"w.csv", "1,2\n3,4\n5,6\n", "{0}w.csv (3 x 2) and {0}x.csv (2 x 3): expected the same number of columns"},
      {"w.csv", "1,2,3\n", "{0}w.csv (1 x 3) and {0}a.csv (3 x 1): expected the same number of rows"},
      {"a.csv", "1\n0.5\n1\n", "{0}a.csv: row 2, column 1: expected 1 or -1, found 0.5"},
      {"a.csv", "1\n1\n0\n", "{0}a.csv: row 3, column 1: expected 1 or -1, found 0"},
      {"a.csv", "1\n1\nx\n", "{0}a.csv: row 3, column 1: expected a finite decimal number, found 'x'"},
  };
  for (const Refused& row : refused) {
    const Files files;
    files.scratch.file(row.name, row.text);
    CHECK(complaint(files.request) == fmt::format(fmt::runtime(row.message), files.scratch.path("")));
  }
  Files files;
  files.request.m = 4;
  CHECK(complaint(files.request) == fmt::format("m 4 contradicts {} (3 x 3): expected m = 3", *files.request.w_file));
  files.request.m.reset();
  files.request.w_file = files.scratch.path("none.csv");
  CHECK(complaint(files.request) == *files.request.w_file + ": cannot be opened (No such file or directory)");
}

}  // namespace
}  // namespace assay

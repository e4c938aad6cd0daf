#include "data/instance.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <utility>

#include "data/drawn.hpp"
#include "data/input_error.hpp"
#include "data/iris.hpp"
#include "data/matrix_file.hpp"
#include "data/memory.hpp"
#include "data/message.hpp"
#include "data/request.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/row.hpp"

namespace assay {
namespace {

constexpr double largest_normal = 8.3;  // see standard_normal
/// A wider network would take days for its first quantity.
constexpr Eigen::Index kWidest = Eigen::Index{1} << 40;

bool draws_data(const InstanceRequest& request) {
  return !request.x_file && !request.data;
}
bool draws_weights(const InstanceRequest& request) {
  return !request.w_file;
}

// Fields that contradict each other or lack a partner; decided before any file is read.

void check_data_sources(const InstanceRequest& request) {
  if (request.data && (request.x_file || request.y_file)) {
    throw InputError(field::data, " and ", request.x_file ? field::x : field::y,
                     " both say where the data come from: give one of them");
  }
  if (request.x_file && !request.y_file)
    throw InputError("the labels are missing: give ", field::y, " together with ", field::x);
  if (request.y_file && !request.x_file)
    throw InputError("the inputs are missing: give ", field::x, " together with ", field::y);
  if (!request.data_rows.empty() && !request.data)
    throw InputError(field::rows, " needs ", field::data, ", whose rows it chooses");
  if (request.data && *request.data != "iris") {
    throw InputError(field::data,
                     fmt::format(": {} is not a built-in data set (available: iris)", shown(*request.data)));
  }
  if (!draws_data(request)) return;
  if (!request.n)
    throw InputError("the data are missing: give ", field::n, " and ", field::d, " (drawn), ", field::x, " and ",
                     field::y, ", or ", field::data, " iris");
  if (!request.d && !request.d_in)
    throw InputError("the dimension is missing: give ", field::d, ", ", field::d_in, " or both with ", field::n);
}

void check_weight_sources(const InstanceRequest& request) {
  if (request.w_file && !request.a_file)
    throw InputError("the output signs are missing: give ", field::a, " together with ", field::w);
  if (request.a_file && !request.w_file)
    throw InputError("the weights are missing: give ", field::w, " together with ", field::a);
  if (!draws_weights(request)) return;
  if (!request.m)
    throw InputError("the width is missing: give ", field::m, " (even), or ", field::w, " and ", field::a);
  if (*request.m % 2 != 0) {
    throw InputError("paired initialization needs an even width; ", field::m, fmt::format(" {} is odd", *request.m));
  }
}

void check_positive(Field field, std::optional<Eigen::Index> value) {
  if (value && *value < 1) throw InputError(field, fmt::format(" {}: expected at least 1", *value));
}

void check_values(const InstanceRequest& request) {
  check_positive(field::n, request.n);
  check_positive(field::d_in, request.d_in);
  check_positive(field::d, request.d);
  check_positive(field::m, request.m);
  if (draws_weights(request) && *request.m > kWidest)
    throw InputError(field::m, fmt::format(" {}: expected at most 2^40 = {} neurons", *request.m, kWidest));
  if (!request.sigma) return;
  const double sigma = *request.sigma;
  if (!std::isfinite(sigma) || sigma <= 0) {
    throw InputError(field::sigma, fmt::format(" {}: expected a finite number above 0", sigma));
  }
  if (draws_weights(request) && !std::isfinite(sigma * largest_normal)) {
    throw InputError(field::sigma, fmt::format(" {}: drawn weights would overflow", sigma));
  }
}

// Parts with the names that messages call them by.

struct Part {
  std::string name;
  RealMatrix matrix;
};

std::string with_shape(const Part& part) {
  return fmt::format("{} ({})", part.name, shape_text(part.matrix.rows(), part.matrix.cols()));
}

Part file_part(const std::string& path, bool header) {
  return {printable(path), read_matrix(path, header)};
}

void check_same_rows(const Part& first, const Part& second) {
  if (first.matrix.rows() == second.matrix.rows()) return;
  throw InputError(fmt::format("{} and {}: expected the same number of rows", with_shape(first), with_shape(second)));
}

void check_same_columns(const Part& first, const Part& second) {
  if (first.matrix.cols() == second.matrix.cols()) return;
  throw InputError(
      fmt::format("{} and {}: expected the same number of columns", with_shape(first), with_shape(second)));
}

void check_given(Field field, std::optional<Eigen::Index> value, Eigen::Index actual, const Part& part) {
  if (value.value_or(actual) == actual) return;
  throw InputError(field,
                   fmt::format(" {} contradicts {}: expected {} = {}", *value, with_shape(part), field.key, actual));
}

void check_signs(const Part& a) {
  for (Eigen::Index row = 0; row < a.matrix.rows(); ++row) {
    for (Eigen::Index column = 0; column < a.matrix.cols(); ++column) {
      const double sign = a.matrix(row, column);
      if (sign == 1 || sign == -1) continue;
      throw InputError(
          fmt::format("{}: row {}, column {}: expected 1 or -1, found {}", a.name, row + 1, column + 1, sign));
    }
  }
}

// Each step below fills a part of the instance and the fields of the request that were left to a default.

/// Asks for memory only where the machine has it: a system that promises more than it has would end the process.
RealMatrix matrix_that_fits(Field of_rows, Field of_columns, Eigen::Index rows, Eigen::Index columns) {
  const double bytes = 8.0 * static_cast<double>(rows) * static_cast<double>(columns);
  if (bytes > physical_memory())
    throw InputError(of_rows, ", ", of_columns,
                     fmt::format(": a matrix of {} needs {:.1f} GiB, more than the memory of this machine",
                                 shape_text(rows, columns), bytes / 0x1p30));
  return RealMatrix(rows, columns);
}

RealMatrix drawn_points(std::uint64_t seed, Stream stream, Field of_columns, Eigen::Index rows, Eigen::Index columns) {
  RealMatrix points = matrix_that_fits(field::n, of_columns, rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i) {
    draw_sphere_point(seed, stream, static_cast<std::uint64_t>(i), row_of(points, i));
  }
  return points;
}

/// X and Y, from their files, from the built-in data or drawn.
std::pair<Part, Part> data_parts(InstanceRequest& request) {
  if (request.x_file) {
    return {file_part(*request.x_file, request.header), file_part(*request.y_file, request.header)};
  }
  if (request.data) {
    Samples samples = iris(request.data_rows);
    return {{"X of iris", std::move(samples.x)}, {"Y of iris", std::move(samples.y)}};
  }
  request.d_in = request.d_in ? request.d_in : request.d;
  request.d = request.d ? request.d : request.d_in;
  return {{"drawn X", drawn_points(*request.seed, Stream::inputs, field::d_in, *request.n, *request.d_in)},
          {"drawn Y", drawn_points(*request.seed, Stream::labels, field::d, *request.n, *request.d)}};
}

void set_data(Instance& instance, InstanceRequest& request) {
  auto [x, y] = data_parts(request);
  check_same_rows(x, y);
  check_given(field::n, request.n, x.matrix.rows(), x);
  check_given(field::d_in, request.d_in, x.matrix.cols(), x);
  check_given(field::d, request.d, y.matrix.cols(), y);
  instance.x = std::move(x.matrix);
  instance.y = std::move(y.matrix);
}

/// W and A above this size are not kept; 2^26 bytes is m = 2^20 at d_in = 6.
constexpr Eigen::Index kLargestKeptBytes = Eigen::Index{1} << 26;

void draw_weights(Instance& instance, const InstanceRequest& request) {
  const auto bytes_each = static_cast<Eigen::Index>(sizeof(double)) * instance.d_in() + instance.d();
  if (*request.m > kLargestKeptBytes / bytes_each) {
    instance.streamed_width = request.m;
    return;
  }
  instance.w.resize(*request.m, instance.d_in());
  instance.a.resize(*request.m, instance.d());
  for (Eigen::Index first = 0; first < *request.m; first += 2) {
    const auto pair = static_cast<std::uint64_t>(first / 2);
    draw_pair_weights(*request.seed, *request.sigma, pair, row_of(instance.w, first));
    draw_pair_signs(*request.seed, pair, {&instance.a(first, 0), static_cast<std::size_t>(instance.d())});
    instance.w.row(first + 1) = instance.w.row(first);
    instance.a.row(first + 1) = -instance.a.row(first);
  }
}

void read_weights(Instance& instance, const InstanceRequest& request) {
  Part w = file_part(*request.w_file, request.header);
  const Part a = file_part(*request.a_file, request.header);
  const Part x{request.x_file ? printable(*request.x_file) : "X", instance.x};
  const Part y{request.y_file ? printable(*request.y_file) : "Y", instance.y};
  check_same_rows(w, a);
  check_same_columns(w, x);
  check_same_columns(a, y);
  check_given(field::m, request.m, w.matrix.rows(), w);
  check_signs(a);
  instance.w = std::move(w.matrix);
  instance.a = a.matrix.cast<std::int8_t>();
}

// Names.

/// Fit for a file name: letters, digits, dot, minus and underscore, at most 40.
std::string slug(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, 40)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    result += plain ? c : '-';
  }
  return result;
}

/// The stem of a file, or its folder where the stem is only the name of the matrix.
std::string file_slug(const std::string& path, std::string_view matrix) {
  const std::filesystem::path file(path);
  const std::string folder = file.parent_path().filename().string();
  const std::string stem = file.stem().string();
  return slug(stem == matrix && !folder.empty() && folder != "." && folder != ".." ? folder : stem);
}

std::string name_of(const Instance& instance, const InstanceRequest& request) {
  std::string name = fmt::format("drawn-n{}-din{}-d{}", instance.n(), instance.d_in(), instance.d());
  if (request.x_file) name = "files-" + file_slug(*request.x_file, "x");
  if (request.data) name = slug(*request.data);
  if (!request.data_rows.empty()) name += fmt::format("-{}rows", request.data_rows.size());
  if (draws_weights(request)) {
    name += fmt::format("-m{}-s{}", instance.m(), slug(fmt::format("{}", *request.sigma)));
  } else if (!request.x_file) {
    name += "-files-" + file_slug(*request.w_file, "w");
  }
  return request.seed ? name + fmt::format("-seed{}", *request.seed) : name;
}

std::string with_commas(const std::vector<Eigen::Index>& numbers) {
  std::string text;
  for (const Eigen::Index number : numbers) text += fmt::format("{}{}", text.empty() ? "" : ",", number);
  return text;
}

Instance assemble(InstanceRequest request) {
  require_consistent(request);
  if (draws_data(request) || draws_weights(request)) {
    request.seed = request.seed.value_or(1);
  } else {
    request.seed.reset();  // nothing depends on it
  }
  if (draws_weights(request)) request.sigma = request.sigma.value_or(1);
  Instance instance;
  set_data(instance, request);
  if (draws_weights(request)) {
    draw_weights(instance, request);
  } else {
    read_weights(instance, request);
  }
  instance.name = name_of(instance, request);
  instance.request = request;
  instance.sigma = request.sigma;
  instance.seed = request.seed;
  instance.drawn_weights = draws_weights(request);
  return instance;
}

}  // namespace

void require_consistent(const InstanceRequest& request) {
  check_data_sources(request);
  check_weight_sources(request);
  check_values(request);
}

Instance make_instance(const InstanceRequest& request) {
  try {
    return assemble(request);
  } catch (const std::bad_alloc&) {
    throw InputError("the instance does not fit into memory: expected fewer samples, dimensions or neurons");
  } catch (const std::length_error&) {
    throw InputError("the instance does not fit into memory: expected fewer samples, dimensions or neurons");
  }
}

std::vector<std::pair<Field, std::string>> given_fields(const InstanceRequest& request) {
  std::vector<std::pair<Field, std::string>> given;
  const auto add = [&given](Field field, const auto& value) {
    if (value) given.emplace_back(field, fmt::format("{}", *value));
  };
  add(field::x, request.x_file);
  add(field::y, request.y_file);
  add(field::data, request.data);
  if (!request.data_rows.empty()) given.emplace_back(field::rows, with_commas(request.data_rows));
  add(field::n, request.n);
  add(field::d_in, request.d_in);
  add(field::d, request.d);
  add(field::w, request.w_file);
  add(field::a, request.a_file);
  add(field::m, request.m);
  add(field::sigma, request.sigma);
  add(field::seed, request.seed);
  if (request.header) given.emplace_back(field::header, "true");
  return given;
}

}  // namespace assay

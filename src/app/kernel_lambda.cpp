#include "app/kernel_lambda.hpp"

#include <fmt/format.h>

#include "app/value.hpp"
#include "data/drawn.hpp"
#include "data/input_error.hpp"
#include "data/matrix_file.hpp"
#include "data/message.hpp"
#include "data/unit_ball.hpp"
#include "enclosure/eigenvalue.hpp"
#include "enclosure/numeral.hpp"
#include "enclosure/row.hpp"
#include "models/model.hpp"
#include "network/kernel.hpp"
#include "theory/constants.hpp"

namespace assay::app {
namespace {

constexpr const char* kRows = "Rows for lambda";
constexpr std::int64_t kMostRows = 1000;  // the deep tier takes minutes for more
constexpr std::int64_t kMostColumns = 100000;
constexpr double kLambdaWidth = 1e-20;  // so that no bound is wider for it than 1e-15

const Model& model_named(const std::string& id) {
  std::string listed;
  for (const Model* model : models()) {
    if (model->id() == id) return *model;
    listed += (listed.empty() ? "" : ", ") + model->id();
  }
  throw InputError(fmt::format("--model: unknown model {}; expected one of {}", shown(id), listed));
}

std::int64_t count(const char* option, const Decimal& value, std::int64_t most) {
  const auto number = integer_of(value);
  if (!number || *number < 1 || *number > most)
    throw InputError(fmt::format("{}: expected an integer from 1 to {} where lambda comes from rows, found {}", option,
                                 most, value.text()));
  return *number;
}

RealMatrix drawn_rows(std::uint64_t seed, std::int64_t n, std::int64_t d_in) {
  RealMatrix rows(n, d_in);
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    draw_sphere_point(seed, Stream::inputs, static_cast<std::uint64_t>(i), row_of(rows, i));
  return rows;
}

/// The certainly positive lambda_min(K_inf).
Interval enclosed_lambda(const RealMatrix& rows, const Model& model, const Decimal& sigma, const Precision& precision) {
  if (const auto degenerate = model.limit_degeneracy(rows))
    throw InputError(fmt::format("the smallest eigenvalue of K_infinity is 0 ({}), and the bounds need lambda > 0",
                                 degenerate->reason));
  Interval lambda = Interval::whole_line(64);
  refine({128, precision.limit, Tier::deep}, [&](Level level) {
    const IntervalMatrix kernel = model.limit_kernel(input_gram(rows, level.bits), sigma.at(level.bits));
    lambda = enclose_lambda_min(kernel, kLambdaWidth, level.bits);
    return lambda.relative_width() <= kLambdaWidth;
  });
  if (!certainly_positive(lambda))
    throw InputError(fmt::format(
        "the smallest eigenvalue of K_infinity is positive and below what {} bits tell from 0: expected more --bits",
        precision.limit));
  return lambda;
}

}  // namespace

void KernelLambda::add_to(Command& command) {
  command
      .add_value("--x", "FILE",
                 "lambda is the smallest eigenvalue of K_infinity at these rows, .csv or .npy; n and --d-in are theirs",
                 [this](const std::string& value) { x_file_ = value; })
      .group(kRows);
  command.add_flag("--header", header_, "The CSV file starts with a line of names (default: it does not)").group(kRows);
  command.add_flag("--drawn-x", drawn_, "The same of --n rows of --d-in entries, drawn uniformly on the unit sphere")
      .group(kRows);
  command
      .add_value("--seed", "INT", "Seed of the drawn rows (default: 1)",
                 [this](const std::string& value) {
                   seed_ = seed("--seed", value);
                   seed_text_ = value;
                 })
      .group(kRows);
  command
      .add_value("--model", "ID", "Whose K_infinity: softmax, exp, relu or gelu (default: softmax)",
                 [this](const std::string& value) {
                   model_ = model_named(value).id();
                   model_text_ = value;
                 })
      .group(kRows);
}

void KernelLambda::read_rows(ClosedFormInputs& inputs, bool n_is_given) {
  if (x_file_ && drawn_) throw InputError("--x and --drawn-x both say where the rows come from: give one of them");
  if (seed_text_ && !drawn_) throw InputError("--seed: expected --drawn-x beside it, whose rows it draws");
  if (model_text_ && !is_asked_for())
    throw InputError("--model: expected --x or --drawn-x beside it, the rows of K_infinity");
  if (!x_file_) return;
  rows_ = read_matrix(*x_file_, header_);
  const std::string n = std::to_string(rows_.rows()), d_in = std::to_string(rows_.cols());
  const auto require_same = [&](const char* option, const Decimal& given, Eigen::Index actual) {
    if (integer_of(given) != actual)
      throw InputError(fmt::format("{} {}: expected {}, as {} is {}", option, given.text(), actual, printable(*x_file_),
                                   shape_text(rows_.rows(), rows_.cols())));
  };
  if (n_is_given) require_same("--n", inputs.n, rows_.rows());
  if (inputs.d_in) require_same("--d-in", *inputs.d_in, rows_.cols());
  inputs.n = Decimal(n);
  inputs.d_in = Decimal(d_in);
}

const RealMatrix& KernelLambda::rows_for(const ClosedFormInputs& inputs) {
  const std::int64_t n = count("--n", inputs.n, kMostRows);
  if (!drawn_) return rows_;
  const std::int64_t d_in = count("--d-in", inputs.d_in.value_or(inputs.d), kMostColumns);
  if (rows_.rows() != n || rows_.cols() != d_in) rows_ = drawn_rows(seed_, n, d_in);
  return rows_;
}

std::string KernelLambda::source(const ClosedFormInputs& inputs) const {
  const std::string where = drawn_ ? fmt::format("{} rows drawn on the unit sphere of dimension {} with seed {}",
                                                 inputs.n.text(), inputs.d_in.value_or(inputs.d).text(), seed_)
                                   : fmt::format("the {} rows of {}", rows_.rows(), code_span(*x_file_));
  std::string text = fmt::format(
      "$\\lambda$ is $\\lambda_{{\\min}}(K_\\infty)$ of {} at {}: the limit of $\\lambda_{{\\min}}(H)$ as $m\\to\\infty$, "
      "not that of one network.",
      model_, where);
  for (Eigen::Index i = 0; i < rows_.rows(); ++i)
    if (!in_unit_ball(row_of(rows_, i)))
      return text + fmt::format(" Row {} has a norm above 1, which the statements exclude.", i + 1);
  return text;
}

void KernelLambda::put_into(ClosedFormInputs& inputs, const Precision& precision) {
  const RealMatrix& rows = rows_for(inputs);
  const auto key = std::tuple(inputs.n.text(), inputs.d_in.value_or(inputs.d).text(), inputs.sigma.text());
  auto kept = kept_.find(key);
  if (kept == kept_.end()) try {
      kept = kept_.emplace(key, enclosed_lambda(rows, model_named(model_), inputs.sigma, precision)).first;
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", drawn_ ? "--drawn-x" : "--x", error.what()));
    }
  inputs.computed_lambda = kept->second;
  inputs.lambda_source = source(inputs);
}

}  // namespace assay::app

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "app/closed_form_inputs.hpp"
#include "app/command_line.hpp"
#include "data/instance.hpp"
#include "enclosure/refine.hpp"

namespace assay::app {

/// lambda of the closed forms as lambda_min(K_inf) of given or drawn rows: --x --header --drawn-x --seed --model.
class KernelLambda {
 public:
  void add_to(Command& command);

  /// Whether rows are to be read or drawn.
  bool is_asked_for() const { return x_file_ || drawn_; }
  /// Whether the rows are those of a file, so that they fix n and d_in.
  bool has_file() const { return x_file_.has_value(); }

  /// n and d_in as the rows have them, where they come from a file.
  /// @throws InputError if the file cannot be used, or another n or d_in was given.
  void read_rows(ClosedFormInputs& inputs, bool n_is_given);

  /// Sets computed_lambda and lambda_source of the inputs, for their n, d_in and sigma. Values are kept.
  /// @throws InputError where lambda_min(K_inf) is 0 exactly, is not separated from 0 with the bits there are, or where n
  ///         is too large for a matrix of intervals.
  void put_into(ClosedFormInputs& inputs, const Precision& precision);

 private:
  const RealMatrix& rows_for(const ClosedFormInputs& inputs);
  std::string source(const ClosedFormInputs& inputs) const;

  std::optional<std::string> x_file_;
  bool header_ = false, drawn_ = false;
  std::uint64_t seed_ = 1;
  std::optional<std::string> seed_text_, model_text_;
  std::string model_ = "softmax";
  RealMatrix rows_;
  std::map<std::tuple<std::string, std::string, std::string>, Interval> kept_;
};

}  // namespace assay::app

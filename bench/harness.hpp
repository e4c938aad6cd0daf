#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// One row of a table: a way to compute something, and what it gave.
struct Row {
  std::string name;
  std::string note;
  std::vector<double> seconds;  ///< per repetition
  double things = 0;            ///< how many things (neurons, calls) are done at once; 0: no time per thing
  double megabytes = 0;
  double median() const;
  double least() const;
  double most() const;
};

/// Rows that run in one process, their repetitions in random order among each other, so that a
/// drift of the machine's speed falls on all of them alike.
class Comparison {
 public:
  /// @param thing  what times are also given for one of, or nothing.
  Comparison(std::string title, std::string text, std::string thing = {})
      : title_(std::move(title)), text_(std::move(text)), thing_(std::move(thing)) {}

  /// @param body  does the work once and returns a note on what came out.
  void add(const std::string& name, int repetitions, std::function<std::string()> body, double things = 0);
  /// The same where the seconds are measured elsewhere.
  struct Measured {
    double seconds = 0, megabytes = 0;
    std::string note;
  };
  void add_measured(const std::string& name, int repetitions, std::function<Measured()> body, double things = 0);

  /// Runs all repetitions; again, up to twice, while the machine was so busy that a median is 1.25 times its minimum.
  void run();
  void write(std::ostream& out) const;
  /// Median of one row by that of another; 0 if one of them is missing.
  double ratio(const std::string& name, const std::string& by) const;

 private:
  std::string title_, text_, thing_;
  std::vector<Row> rows_;
  std::vector<std::function<void()>> registrations_;
};

/// 0.0123 s as "12.3 ms".
std::string time_text(double seconds);
std::string ratio_text(double ratio);
std::string number_text(double x, const char* format = "%.3g");

}  // namespace bench

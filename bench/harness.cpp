#include "harness.hpp"

#include <algorithm>
#include <cstdio>
#include <ostream>

namespace bench {

double Row::median() const {
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double Row::least() const {
  return *std::min_element(seconds.begin(), seconds.end());
}

double Row::most() const {
  return *std::max_element(seconds.begin(), seconds.end());
}

std::string number_text(double x, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, x);
  return text;
}

std::string ratio_text(double ratio) {
  return number_text(ratio, ratio >= 100 ? "%.0f" : "%.3g");
}

std::string time_text(double seconds) {
  const std::pair<double, const char*> units[] = {{1, " s"}, {1e-3, " ms"}, {1e-6, " us"}};
  for (const auto& [unit, name] : units)
    if (seconds >= 0.9995 * unit) return number_text(seconds / unit) + name;
  return number_text(seconds * 1e9) + " ns";
}

void Comparison::add(const std::string& name, int repetitions, std::function<std::string()> body, double things) {
  rows_.push_back({.name = name, .note = {}, .seconds = {}, .things = things});
  registrations_.push_back([name, repetitions, body] {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [body](benchmark::State& state) {
                                   std::string note;
                                   for (auto step : state) {
                                     (void)step;
                                     note = body();
                                   }
                                   state.SetLabel(note);
                                 })
        ->Repetitions(repetitions)
        ->MinTime(0.05)
        ->UseRealTime();
  });
}

void Comparison::add_measured(const std::string& name, int repetitions, std::function<Measured()> body, double things) {
  rows_.push_back({.name = name, .note = {}, .seconds = {}, .things = things});
  registrations_.push_back([name, repetitions, body] {
    benchmark::RegisterBenchmark(name.c_str(),
                                 [body](benchmark::State& state) {
                                   Measured measured;
                                   for (auto step : state) {
                                     (void)step;
                                     measured = body();
                                     state.SetIterationTime(measured.seconds);
                                   }
                                   state.SetLabel(measured.note);
                                   if (measured.megabytes > 0) state.counters["MB"] = measured.megabytes;
                                 })
        ->Repetitions(repetitions)
        ->Iterations(1)
        ->UseManualTime();
  });
}

namespace {

/// Keeps the time of every repetition, and says what is done.
class Collector final : public benchmark::BenchmarkReporter {
 public:
  explicit Collector(std::vector<Row>& rows) : rows_(rows) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const auto row =
          std::find_if(rows_.begin(), rows_.end(), [&](const Row& r) { return r.name == run.run_name.function_name; });
      if (row == rows_.end()) continue;
      row->seconds.push_back(run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit));
      row->note = run.report_label;
      if (const auto found = run.counters.find("MB"); found != run.counters.end()) row->megabytes = found->second;
      if (&run != &runs.back() && (&run + 1)->run_type == Run::RT_Iteration) continue;
      std::printf("  %s: %s  %s\n", row->name.c_str(), time_text(row->median()).c_str(), row->note.c_str());
      std::fflush(stdout);
    }
  }

 private:
  std::vector<Row>& rows_;
};

}  // namespace

void Comparison::run() {
  std::printf("\n%s\n", title_.c_str());
  const auto is_rough = [](const Row& row) { return row.seconds.size() >= 3 && row.median() > 1.25 * row.least(); };
  for (int round = 0; round < 3; ++round) {
    if (round > 0 && std::none_of(rows_.begin(), rows_.end(), is_rough)) break;
    benchmark::ClearRegisteredBenchmarks();
    for (const auto& make : registrations_) make();
    Collector collector(rows_);
    benchmark::RunSpecifiedBenchmarks(&collector);
  }
  benchmark::ClearRegisteredBenchmarks();
}

void Comparison::write(std::ostream& out) const {
  const bool memory = std::any_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.megabytes > 0; });
  const bool each = !thing_.empty();
  out << "## " << title_ << "\n\n" << text_ << "\n\n";
  out << "| | median | least .. most | runs | times the first row |" << (each ? " for one " + thing_ + " |" : "")
      << (memory ? " peak memory |" : "") << " result |\n";
  out << "| --- | ---: | ---: | ---: | ---: |" << (each ? " ---: |" : "") << (memory ? " ---: |" : "") << " --- |\n";
  for (const Row& row : rows_) {
    if (row.seconds.empty()) continue;
    out << "| " << row.name << " | " << time_text(row.median()) << " | " << time_text(row.least()) << " .. "
        << time_text(row.most()) << " | " << row.seconds.size() << " | "
        << ratio_text(row.median() / rows_.front().median()) << " | ";
    if (each) out << time_text(row.median() / row.things) << " | ";
    if (memory) out << number_text(row.megabytes, "%.0f") << " MiB | ";
    out << row.note << " |\n";
  }
  out << "\n";
}

double Comparison::ratio(const std::string& name, const std::string& by) const {
  const auto median_of = [&](const std::string& wanted) {
    for (const Row& row : rows_)
      if (row.name == wanted && !row.seconds.empty()) return row.median();
    return 0.0;
  };
  const double divisor = median_of(by);
  return divisor > 0 ? median_of(name) / divisor : 0;
}

}  // namespace bench

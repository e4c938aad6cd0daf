#include <gmp.h>
#include <mpfr.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <Eigen/Core>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <string_view>
#include <thread>

#include "cases.hpp"
#include "enclosure/fast/kernels.hpp"
#ifdef ASSAY_BENCH_ARB
#include "arb.hpp"
#endif

namespace {

/// What stands behind the colon or equals sign in the first line of a file that begins with `key`.
std::string value_of(const char* path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.rfind(key, 0) == 0) {
      std::string value = line.substr(line.find_first_of(":=") + 1);
      std::erase(value, '"');
      return value.substr(std::min(value.size(), value.find_first_not_of(" \t")));
    }
  return "unknown";
}

double load() {
  double average = 0;
  return getloadavg(&average, 1) == 1 ? average : 0;
}

const char* name_of(assay::fast::InstructionSet set) {
  switch (set) {
    case assay::fast::InstructionSet::avx512:
      return "AVX-512";
    case assay::fast::InstructionSet::avx2:
      return "AVX2";
    case assay::fast::InstructionSet::portable:
      break;
  }
  return "portable";
}

void write(std::ostream& out, const bench::Report& report, const bench::NumPy& numpy, double load_before) {
  char date[32] = "";
  const std::time_t now = std::time(nullptr);
  std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
  const double gibibytes = std::strtod(value_of("/proc/meminfo", "MemTotal").c_str(), nullptr) / (1024 * 1024);
  out << "# Benchmarks\n\nWritten by `bench/run.sh` on " << date << "; see [README.md](README.md).\n\n";
  out << "| | |\n| --- | --- |\n";
  out << "| processor | " << value_of("/proc/cpuinfo", "model name") << " (family "
      << value_of("/proc/cpuinfo", "cpu family") << ", model " << value_of("/proc/cpuinfo", "model\t") << "), "
      << std::thread::hardware_concurrency() << " cores |\n";
  out << "| memory | " << bench::number_text(gibibytes, "%.0f") << " GiB |\n";
  out << "| system | " << value_of("/etc/os-release", "PRETTY_NAME") << " |\n";
  out << "| compiler | g++ " << __VERSION__ << ", -O2; plain double and Eigen -O3 -march=native |\n";
  out << "| libraries | Eigen " << EIGEN_WORLD_VERSION << '.' << EIGEN_MAJOR_VERSION << '.' << EIGEN_MINOR_VERSION
      << ", MPFR " << mpfr_get_version() << ", GMP " << gmp_version;
#ifdef ASSAY_BENCH_ARB
  out << ", Arb " << arb::version();
#endif
  out << ", Google Benchmark " << ASSAY_BENCH_GOOGLE_VERSION << " |\n";
  out << "| NumPy | " << (numpy.is_present() ? numpy.version() : "not found, its rows are left out") << " |\n";
  out << "| assay's loops | " << name_of(assay::fast::instruction_set()) << " |\n";
  out << "| load average | " << bench::number_text(load_before, "%.2f") << " before, "
      << bench::number_text(load(), "%.2f") << " after (the benchmarks themselves included) |\n\n";
  if (load_before > 0.5)
    out << "**The machine was busy with other work**: times are too long, a second thread may have found no free "
           "core, and only ratios of rows with equally many threads mean something.\n\n";
  out << "## What was asked of assay\n\n| ratio of medians | asked | measured |\n| --- | --- | ---: |\n";
  for (const bench::Reach& reach : report.reach)
    out << "| " << reach.what << " | " << reach.asked << " | "
        << (reach.ratio > 0 ? bench::ratio_text(reach.ratio) : "not measured") << " |\n";
  out << "\n";
  for (const bench::Comparison& comparison : report.comparisons) comparison.write(out);
}

int run(bool with_long_ones, const char* path) {
  const double load_before = load();
  const assay::Instance instance = bench::wide_instance();
  const assay::RealMatrix matrix = bench::given_matrix();
  bench::NumPy numpy(instance, matrix);
  bench::Report report;
  bench::compare_kernels(instance, numpy, report);
  bench::compare_given_matrix(matrix, numpy, report);
  bench::compare_below_double(report);
  bench::compare_widths(with_long_ones, report);
  bench::compare_exponentials(report);
  std::ofstream file(path);
  write(file, report, numpy, load_before);
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + path);
  return 0;
}

}  // namespace

// assay_bench [--long] FILE: runs everything and writes the table to FILE.
int main(int argc, char** argv) {
  try {
    if (argc == 4 && std::string_view(argv[1]) == "--width")
      return bench::measure_width(std::strtol(argv[2], nullptr, 10), std::atoi(argv[3]));
    const bool with_long_ones = argc == 3 && std::string_view(argv[1]) == "--long";
    if (argc != (with_long_ones ? 3 : 2)) {
      std::cerr << "usage: assay_bench [--long] FILE\n";
      return 2;
    }
    std::string program = argv[0], interleaved = "--benchmark_enable_random_interleaving=true";
    char* options[] = {program.data(), interleaved.data(), nullptr};
    int count = 2;
    benchmark::Initialize(&count, options);
    return run(with_long_ones, argv[argc - 1]);
  } catch (const std::exception& error) {
    std::cerr << "assay_bench: " << error.what() << '\n';
    return 2;
  }
}

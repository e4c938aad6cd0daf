#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "cases.hpp"
#include "network/fast/network.hpp"
#include "plain.hpp"
#ifdef ASSAY_BENCH_ARB
#include "arb.hpp"
#endif

namespace bench {

namespace {

assay::Instance drawn(long n, long d_in, long d, long m) {
  assay::InstanceRequest request;
  request.n = n;
  request.d_in = d_in;
  request.d = d;
  request.m = m;
  request.sigma = 1;
  request.seed = 1;
  return assay::make_instance(request);
}

assay::fast::SymmetricBall certified_kernel(const assay::RealMatrix& x, const assay::NeuronStream& neurons,
                                            int threads) {
  assay::StreamOptions options;
  options.threads = threads;
  const auto sums = assay::fast::network_sums(x, neurons, options);
  if (!sums) throw std::runtime_error("bench: the network is out of the reach of double");
  return assay::fast::kernel(*sums, x).symmetric();
}

std::string text_of(const assay::Ball& ball) {
  return number_text(ball.middle, "%.12g") + " +- " + number_text(ball.radius, "%.1e");
}

std::string certified(const assay::RealMatrix& x, const assay::NeuronStream& neurons, int threads) {
  const assay::Ball lambda = assay::fast::lambda_min(certified_kernel(x, neurons, threads));
  if (!(lambda.lower() > 0)) throw std::runtime_error("bench: lambda_min is not certified to be positive");
  return text_of(lambda);
}

plain::Network plain_network(const assay::Instance& instance) {
  return {instance.x.data(), instance.w.data(), instance.a.data(), instance.n(),
          instance.d_in(),   instance.d(),      instance.m()};
}

const char* const kOurs1 = "assay, certified, 1 thread";
const char* const kOurs2 = "assay, certified, 2 threads";
const char* const kPlain1 = "plain double, same structure, 1 thread";
const char* const kNumPy = "NumPy, dense";

}  // namespace

assay::Instance wide_instance() {
  return drawn(32, 8, 8, 65536);
}

assay::RealMatrix given_matrix() {
  const assay::Instance instance = drawn(64, 8, 8, 65536);
  return certified_kernel(instance.x, assay::StoredNeurons(instance.w, instance.a), 2).middle;
}

void compare_kernels(const assay::Instance& instance, NumPy& numpy, Report& report) {
  const auto ours = [&instance](int threads) {
    return certified(instance.x, assay::StoredNeurons(instance.w, instance.a), threads);
  };
  Comparison stored(
      "The kernel and its least eigenvalue, weights in memory",
      "n = 32, d_in = d = 8, m = 65536, sigma = 1, paired initialization: H is 256 x 256. Only assay's rows "
      "prove anything. NumPy uses the threads that its BLAS takes, Eigen one.");
  stored.add(kOurs1, 9, [=] { return ours(1); });
  stored.add(kOurs2, 9, [=] { return ours(2); });
  for (const int threads : {1, 2})
    stored.add(threads == 1 ? kPlain1 : "plain double, same structure, 2 threads", 9, [&instance, threads] {
      return number_text(plain::structured(plain_network(instance), threads), "%.12g");
    });
  stored.add("Eigen, dense", 7, [&] { return number_text(plain::dense(plain_network(instance)), "%.12g"); });
  if (numpy.is_present()) stored.add_measured(kNumPy, 9, [&] { return numpy.run("stored"); });
  stored.run();
  report.reach.push_back(
      {"H and lambda_min, 1 thread, by NumPy dense", "at most 0.33, aim 0.1", stored.ratio(kOurs1, kNumPy)});
  report.reach.push_back(
      {"H and lambda_min, 2 threads, by NumPy dense", "at most 0.33, aim 0.1", stored.ratio(kOurs2, kNumPy)});
  report.reach.push_back({"H and lambda_min, 1 thread, by plain double with the same structure, 1 thread",
                          "at most 3, aim 1.5", stored.ratio(kOurs1, kPlain1)});
  report.comparisons.push_back(stored);

  Comparison redrawn(
      "The same with weights drawn inside the run",
      "assay's weights come from its counter-based generator and are the same doubles on every machine; NumPy "
      "draws with its own.");
  for (const int threads : {1, 2})
    redrawn.add(threads == 1 ? kOurs1 : kOurs2, 7, [&instance, threads] {
      return certified(instance.x, assay::DrawnNeurons(instance.m(), instance.d_in(), instance.d(), 1, 1), threads);
    });
  if (numpy.is_present()) redrawn.add_measured(kNumPy, 7, [&] { return numpy.run("drawn"); });
  redrawn.run();
  report.comparisons.push_back(redrawn);

#ifdef ASSAY_BENCH_ARB
  const assay::Instance narrow = drawn(32, 8, 8, 1024);
  const assay::StoredNeurons neurons(narrow.w, narrow.a);
  const double shift = 0.99 * assay::fast::lambda_min(certified_kernel(narrow.x, neurons, 1)).middle;
  Comparison small(
      "The same at m = 1024, with Arb",
      "Arb builds the dense G in balls of 128 bits and shows lambda_min > s by arb_mat_cho of H - s I, s a "
      "hundredth below lambda_min. At m = 65536 its work is 64 times as much.");
  small.add(kOurs1, 7, [&] { return certified(narrow.x, neurons, 1); });
  small.add("Arb, dense, 128 bits", 3, [&] {
    if (!arb::certifies_kernel(narrow, shift, 128)) return std::string("not certified");
    return "above " + number_text(shift, "%.6g");
  });
  small.run();
  report.comparisons.push_back(small);
#endif
}

int measure_width(long m, int threads) {
  const assay::Instance instance = drawn(4, 2, 2, 2);
  const assay::DrawnNeurons neurons(m, 2, 2, 1, 1);
  std::vector<double> seconds;
  std::string value;
  double total = 0;
  while (total < 0.2) {
    const auto start = std::chrono::steady_clock::now();
    value = certified(instance.x, neurons, threads);
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    total += seconds.back();
  }
  std::sort(seconds.begin(), seconds.end());
  double kibibytes = 0;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) kibibytes = std::strtod(line.c_str() + 6, nullptr);
  std::printf("%.9g %.6g %s\n", seconds[seconds.size() / 2], kibibytes / 1024, value.c_str());
  return 0;
}

void compare_widths(bool with_long_ones, Report& report) {
  Comparison widths(
      "Time and memory by width",
      "n = 4, d_in = d = 2, sigma = 1, weights drawn inside the run, two threads; each width in a process of its "
      "own, so that its peak memory is known.",
      "neuron");
  const auto name = [](int exponent) { return "m = 2^" + std::to_string(exponent); };
  const auto add = [&](int exponent, int repetitions) {
    const double m = std::ldexp(1, exponent);
    widths.add_measured(
        name(exponent), repetitions,
        [exponent] {
          std::ostringstream command;
          command << std::filesystem::read_symlink("/proc/self/exe").string() << " --width " << (1L << exponent)
                  << " 2";
          FILE* child = popen(command.str().c_str(), "r");
          if (!child) throw std::runtime_error("bench: cannot start a process");
          Comparison::Measured measured;
          char value[128] = "";
          const int found = std::fscanf(child, "%lf %lf %127[^\n]", &measured.seconds, &measured.megabytes, value);
          if (pclose(child) != 0 || found != 3) throw std::runtime_error("bench: a width could not be measured");
          measured.note = value;
          return measured;
        },
        m);
  };
  for (int exponent = 14; exponent <= 24; exponent += 2) add(exponent, 5);
  if (with_long_ones)
    for (const int exponent : {28, 30}) add(exponent, 1);
  widths.run();
  report.reach.push_back(
      {"time at m = 2^24 by 1024 times that at 2^14", "1 (linear)", widths.ratio(name(24), name(14)) / 1024});
  if (with_long_ones)
    report.reach.push_back(
        {"time at m = 2^28 by 2^14 times that at 2^14", "1 (linear)", widths.ratio(name(28), name(14)) / 16384});
  report.comparisons.push_back(widths);
}

}  // namespace bench

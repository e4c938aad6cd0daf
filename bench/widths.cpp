// The race of the certificates: smallest power of two of m at which each method proves that training succeeds.
// Writes the Markdown table that is committed as bench/widths.md. Takes some minutes.

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "data/instance.hpp"
#include "descent/convergence.hpp"
#include "descent/first_width.hpp"
#include "theorems/width/training_width.hpp"

using namespace assay;

namespace {

struct Data {
  std::string name;
  InstanceRequest request;
  long seeds, most;
};

Data drawn(Index n, Index d, long seeds, long most) {
  Data data{fmt::format("drawn, n = {}, d_in = d = {}", n, d), {}, seeds, most};
  data.request.n = n;
  data.request.d_in = data.request.d = d;
  return data;
}

Data iris(std::string name, std::vector<Index> rows, long seeds, long most) {
  Data data{std::move(name), {}, seeds, most};
  data.request.data = "iris";
  data.request.data_rows = std::move(rows);
  return data;
}

/// Whether the conditions of ConvergenceCertificate hold with the bounds of KernelChange, nu = |theta|_2^{1/2}, for some
/// ball around the one of the same shape: all radii as large as its largest. A yardstick for the table: its sums are certified, its last comparison is in double.
bool approx_absolute(const Instance& instance) {
  const StoredNeurons neurons(instance.w, instance.a);
  const StreamOptions options{2};
  const auto sums = fast::network_sums(instance.x, neurons, options);
  if (!sums) return false;
  const auto moments = fast::jacobian_moments(*sums, instance.x, neurons, fast::RadiusShape::gradient, options, true);
  if (!moments) return false;
  const double e0 = fast::residual_norm(*sums, instance.y).upper(), m = static_cast<double>(instance.m());
  const double root = std::sqrt(std::fmax(moments->lambda_min.lower(), 0));
  for (double s = 1 / moments->largest_b; s > 1e-4 / moments->largest_b; s /= 1.3) {
    const auto over = fast::spectrum_over_ball(*moments, Interval(s, 64));
    if (!over) continue;
    const fast::KernelChange change = fast::change_over_ball(*sums, instance.x, Interval(s * moments->largest_b, 53));
    const double left = root - std::sqrt(fast::upper_norm_of_radii(change.theta));
    if (left > 0 && over->growth.upper_double() * e0 / (m * left * left) <= s) return true;
  }
  return false;
}

bool proves(const Instance& instance, Method method) {
  ConvergenceRequest request;
  request.method = method;
  request.threads = 2;
  const auto run = [&](const NeuronStream& neurons) {
    return prove_convergence(instance.x, instance.y, neurons, request).certified();
  };
  if (instance.streamed_width)
    return run(DrawnNeurons(instance.m(), instance.d_in(), instance.d(), *instance.sigma, *instance.seed));
  return run(StoredNeurons(instance.w, instance.a));
}

/// log2 of the smallest m; nothing up to the limit.
template <class Test>
std::optional<int> smallest(const Data& data, std::uint64_t seed, int least, Test test) {
  InstanceRequest request = data.request;
  request.seed = seed;
  const auto width = first_width(Index{1} << least, Index{1} << data.most, [&](Index m) {
    request.m = m;
    return test(make_instance(request));
  });
  if (!width) return std::nullopt;
  return static_cast<int>(std::bit_width(static_cast<std::size_t>(*width))) - 1;
}

/// The data with a narrow network, for what does not depend on its width.
Setting setting_of(const Data& data, std::uint64_t seed) {
  InstanceRequest request = data.request;
  request.seed = seed;
  request.m = 64;
  return Setting(make_instance(request), {}, {}, 2);
}

std::optional<int> seen(const Data& data, std::uint64_t seed) {
  const auto width = approx_empirical_width(setting_of(data, seed));
  if (!width) return std::nullopt;
  return static_cast<int>(std::lround(std::log2(static_cast<double>(*width))));
}

std::optional<int> paper(const Data& data, std::uint64_t seed) {
  const Interval width = limit_closed_forms(setting_of(data, seed), Level(256)).width();
  return static_cast<int>(std::ceil((log10(width) / log10(Interval(2, 256))).upper_double()));
}

struct Row {
  std::vector<std::optional<int>> exponents;

  std::string text() const {
    std::string text;
    for (const auto& k : exponents) text += (text.empty() ? "" : " ") + (k ? std::to_string(*k) : std::string("—"));
    return text;
  }
  /// Of log2 m over the seeds, if all are there.
  std::optional<double> mean() const {
    double sum = 0;
    for (const auto& k : exponents) {
      if (!k) return std::nullopt;
      sum += *k;
    }
    return sum / static_cast<double>(exponents.size());
  }
};

std::string mean_text(const Row& row) {
  const auto mean = row.mean();
  return mean ? fmt::format("2^{:.1f}", *mean) : "—";
}

void print_data(const Data& data) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, Row>> rows{
      {"ball, absolute values", {}}, {"ball", {}},       {"tube", {}}, {"two phases", {}},
      {"seen in plain double", {}},  {"Theorem 4.2", {}}};
  for (long seed = 1; seed <= data.seeds; ++seed) {
    const auto key = static_cast<std::uint64_t>(seed);
    const auto tube = smallest(data, key, 6, [](const Instance& at) { return proves(at, Method::tube); });
    const auto ball =
        smallest(data, key, tube.value_or(6), [](const Instance& at) { return proves(at, Method::ball); });
    rows[0].second.exponents.push_back(data.most > 24 ? std::optional<int>()
                                                      : smallest(data, key, tube.value_or(6), approx_absolute));
    rows[1].second.exponents.push_back(ball);
    rows[2].second.exponents.push_back(tube);
    rows[3].second.exponents.push_back(
        smallest(data, key, 2, [](const Instance& at) { return proves(at, Method::two_phase); }));
    rows[4].second.exponents.push_back(seen(data, key));
    rows[5].second.exponents.push_back(paper(data, key));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const auto& [name, row] : rows) {
    const auto base = rows[1].second.mean(), own = row.mean();
    fmt::print("| {} | {} | {} | {} | {} |\n", data.name, name, row.text(), mean_text(row),
               base && own ? fmt::format("{:.3g}", std::exp2(*base - *own)) : "—");
  }
  std::fflush(stdout);
  fmt::print(stderr, "{}: {:.0f} s\n", data.name, seconds);
}

}  // namespace

int main() {
  fmt::print(
      "| data, sigma = 1 | method | log2 of the smallest m, by seed | geometric mean | times narrower than the ball "
      "|\n");
  fmt::print("| --- | --- | --- | ---: | ---: |\n");
  print_data(drawn(4, 4, 10, 20));
  print_data(drawn(8, 4, 6, 20));
  print_data(drawn(8, 8, 5, 20));
  print_data(drawn(16, 8, 2, 20));
  print_data(iris("iris, two rows a class", {1, 2, 51, 52, 101, 102}, 2, 25));
  print_data(iris("iris, three rows a class", {1, 2, 3, 51, 52, 53, 101, 102, 103}, 1, 28));
}

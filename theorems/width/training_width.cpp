#include "theorems/width/training_width.hpp"

#include <cmath>

#include "descent/approx_training.hpp"
#include "descent/first_width.hpp"

namespace assay {

namespace {

DrawnNeurons drawn_neurons(const Setting& setting, Index m, std::uint64_t seed) {
  const Instance& instance = setting.instance();
  return DrawnNeurons(m, instance.d_in(), instance.d(), instance.sigma.value(), seed);
}

std::uint64_t own_seed(const Setting& setting) {
  return setting.instance().seed.value_or(0);
}

/// What is needed of one drawn network for either region.
struct Drawn {
  std::optional<fast::JacobianMoments> moments;
  Interval e0;
};

Drawn drawn_moments(const Setting& setting, Index m, std::uint64_t seed) {
  const DrawnNeurons neurons = drawn_neurons(setting, m, seed);
  const RealMatrix& x = setting.instance().x;
  const StreamOptions options{setting.threads()};
  const auto sums = fast::network_sums(x, neurons, options);
  if (!sums) return {};
  return {fast::jacobian_moments(*sums, x, neurons, fast::RadiusShape::gradient, options),
          enclosure_of(fast::residual_norm(*sums, setting.instance().y))};
}

ConvergenceCertificate certificate_of(const Drawn& drawn, Region region) {
  if (!drawn.moments) return {.why_not = "double does not suffice for this network"};
  return certify_convergence(*drawn.moments, {.e0 = drawn.e0, .region = region});
}

/// nd <= (m - 1) d_in: otherwise lambda_min(H) = 0.
Index least_possible_width(const Setting& setting) {
  const Instance& instance = setting.instance();
  Index m = 2;
  while ((m - 1) * instance.d_in() < instance.n() * instance.d()) m *= 2;
  return m;
}

std::optional<fast::SpectrumOverBall> spectrum(const Drawn& drawn, double s, Region region) {
  const Interval size(s, 64);
  return region == Region::tube ? fast::spectrum_over_tube(*drawn.moments, size)
                                : fast::spectrum_over_ball(*drawn.moments, size);
}

/// The least size of a ball that might do, or nothing if none does. Needed radii and bounds grow with the size s, so
/// every size that does is at least growth e0 / (m mu) at any smaller one: climbing from s = e0 / (m lambda_min) meets
/// a vanishing mu if none does.
std::optional<double> approx_least_size(const Drawn& drawn, Region region) {
  const double pull = drawn.e0.upper_double() / static_cast<double>(drawn.moments->m);
  double s = pull / drawn.moments->lambda_min.upper();
  constexpr int kSteps = 40;
  for (int step = 0; step < kSteps; ++step) {
    if (!(s > 0) || !std::isfinite(s)) return std::nullopt;
    const auto over = spectrum(drawn, s, region);
    if (!over || !certainly_positive(over->lambda_min.lower())) return std::nullopt;
    const double next = over->growth.upper_double() * pull / over->lambda_min.lower_double();
    if (next <= s * (1 + 1e-4)) break;
    s = next;
  }
  return s;
}

/// Whether the conditions of ConvergenceCertificate hold in the ball of size s for every step that is small
/// enough: growth e0 / (m mu) < s.
bool certifies(const Drawn& drawn, double s, Region region) {
  const auto over = spectrum(drawn, s, region);
  if (!over || !over->lambda_max.is_finite() || !over->curvature.is_finite()) return false;
  const Interval pull = over->lambda_min.lower() * drawn.moments->m;
  return certainly_less(over->growth.upper() * drawn.e0.upper(), pull * Interval(s, 64));
}

bool is_certified(const Drawn& drawn, Region region) {
  if (!drawn.moments) return false;
  const auto least = approx_least_size(drawn, region);
  if (!least) return false;
  for (const double factor : {1.02, 1.001, 1.1, 1.3})
    if (certifies(drawn, *least * factor, region)) return true;
  return certificate_of(drawn, region).certified;
}

WidthSearch search_widths(const Setting& setting) {
  WidthSearch search;
  search.ball = first_width(least_possible_width(setting), kWidestCertificate, [&](Index m) {
    const Drawn drawn = drawn_moments(setting, m, own_seed(setting));
    if (!search.tube && is_certified(drawn, Region::tube)) search.tube = m;
    return search.tube && is_certified(drawn, Region::ball);
  });
  return search;
}

std::optional<Index> search_empirical(const Setting& setting) {
  const Instance& instance = setting.instance();
  const double epsilon = setting.hyper().epsilon.at(64).lower_double();
  return first_width(2, kWidestRun, [&](Index m) {
    const DrawnNeurons neurons = drawn_neurons(setting, m, own_seed(setting));
    return approx_steps_to_target(instance.x, instance.y, neurons, {.epsilon = epsilon}).has_value();
  });
}

SufficientWidth make_sufficient_width(const Setting& setting, Level level) {
  const RealMatrix& y = setting.instance().y;
  const Interval e0 = euclidean_norm(std::span(y.data(), static_cast<std::size_t>(y.size())), level.bits);
  return SufficientWidth(setting.gram(level.bits), setting.sigma(level.bits), setting.instance().d(),
                         concentration(setting, level), limit_lambda_min(setting, softmax(), level), e0,
                         setting.delta(level.bits));
}

std::optional<SufficientWidth::Found> make_least(const Setting& setting, Level level) {
  if (!certainly_positive(limit_lambda_min(setting, softmax(), level))) return std::nullopt;
  return sufficient_width(setting, level).least();
}

}  // namespace

ClosedForms limit_closed_forms(const Setting& setting, Level level) {
  BoundInputs inputs = setting.bound_inputs(level);
  inputs.lambda = limit_lambda_min(setting, softmax(), level);
  return ClosedForms(setting.constants(), inputs, level.bits);
}

const SufficientWidth& sufficient_width(const Setting& setting, Level level) {
  return setting.once<&make_sufficient_width>(level);
}

const std::optional<SufficientWidth::Found>& least_sufficient_width(const Setting& setting, Level level) {
  return setting.once<&make_least>(level);
}

ConvergenceCertificate certificate_at(const Setting& setting, Index m, std::uint64_t seed, Region region) {
  return certificate_of(drawn_moments(setting, m, seed), region);
}

const WidthSearch& certified_widths(const Setting& setting) {
  return setting.once<&search_widths>();
}

Frequency certified_frequency(const Setting& setting, Index m, Region region) {
  Frequency frequency{.trials = setting.hyper().trials};
  for (long k = 0; k < frequency.trials; ++k)
    frequency.within += is_certified(drawn_moments(setting, m, trial_seed(setting, k)), region);
  frequency.outside = frequency.trials - frequency.within;
  return frequency;
}

std::optional<Index> approx_empirical_width(const Setting& setting) {
  return setting.once<&search_empirical>();
}

std::vector<Chart> width_charts(const Setting& setting, Level level) {
  constexpr int kMoreWidths = 6;
  constexpr Index kMostWork = Index{1} << 31;  // n^2 m of a point: a few seconds
  const double limit = limit_lambda_min(setting, softmax(), level).approx_double();
  Series network{.label = "this network, drawn with each width", .style = Series::Style::points};
  if (const auto first = certified_widths(setting).tube)
    for (int k = 0; k <= kMoreWidths; ++k) {
      const Index m = *first << k, n = setting.instance().n();
      if (m > kMostWork / (n * n)) break;
      const ConvergenceCertificate certificate = certificate_at(setting, m, own_seed(setting), Region::tube);
      if (!certificate.certified) continue;
      network.x.push_back(static_cast<double>(m));
      network.y.push_back(certificate.mu.bound().lower_double() / limit);
    }
  Series proved{.label = "with probability $1-\\delta$"};
  if (const auto& found = least_sufficient_width(setting, level))
    for (int k = 0; k <= 2 * kMoreWidths; ++k) {
      const Interval m = found->m * (1L << k);
      proved.x.push_back(m.approx_double());
      proved.y.push_back(sufficient_width(setting, level).at(m, found->omega).mu.bound().lower_double() / limit);
    }
  if (network.x.empty() && proved.x.empty()) return {};
  return {{.name = "eigenvalue",
           .title = "Smallest eigenvalue of the kernel all along gradient descent, from below",
           .x_axis = "width m",
           .y_axis = "lower bound, relative to infinite width",
           .log_x = true,
           .log_y = false,
           .equal_axes = false,
           .series = {network, proved}}};
}

}  // namespace assay

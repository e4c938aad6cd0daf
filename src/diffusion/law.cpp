#include "diffusion/law.hpp"

#include <cassert>
#include <cmath>
#include <stdexcept>

#include "enclosure/index.hpp"

namespace assay {
namespace {

IntervalMatrix enclosed(const RealMatrix& a, Bits bits) {
  IntervalMatrix result(a.rows(), a.cols());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) result(i, j) = Interval(a(i, j), bits);
  return result;
}

/// e / (e + others), increasing in e and decreasing in others.
Interval share(const Interval& e, const Interval& others) {
  const Interval result = hull(e.lower() / (e.lower() + others.upper()), e.upper() / (e.upper() + others.lower()));
  return intersection(result, Interval::between(0, 1, e.bits()));
}

/// The sum of all entries but k, for each k.
IntervalVector sums_of_others(const IntervalVector& e) {
  const std::size_t count = e.size();
  IntervalVector after(count + 1), result(count);
  for (std::size_t k = count; k-- > 0;) after[k] = after[k + 1] + e[k];
  Interval before;
  for (std::size_t k = 0; k < count; before += e[k++]) result[k] = before + after[k + 1];
  return result;
}

}  // namespace

bool DataLaw::finite_support() const {
  return (deviations.array() == 0).all();
}

IntervalVector DataLaw::log_weights(Bits bits) const {
  Interval sum = Interval::from_integer(0, bits);
  for (const Decimal& weight : weights) sum += weight.at(bits);
  IntervalVector result;
  for (const Decimal& weight : weights) result.push_back(log(weight.at(bits) / sum));
  return result;
}

DataLaw uniform_on_rows(const RealMatrix& points) {
  return finite_support(points, std::vector<Decimal>(size(points.rows()), Decimal("1")));
}

DataLaw finite_support(const RealMatrix& points, const std::vector<Decimal>& weights) {
  return gaussian_mixture(points, RealMatrix::Zero(points.rows(), points.cols()), weights);
}

DataLaw gaussian_mixture(const RealMatrix& centers, const RealMatrix& deviations, const std::vector<Decimal>& weights) {
  const auto fail = [](const char* expected) {
    throw std::invalid_argument(std::string("gaussian_mixture: expected ") + expected);
  };
  if (centers.size() == 0) fail("at least one center with at least one entry");
  if (deviations.rows() != centers.rows() || deviations.cols() != centers.cols()) fail("as many deviations as centers");
  if (weights.size() != size(centers.rows())) fail("one weight for each center");
  if (!centers.allFinite() || !deviations.allFinite()) fail("finite centers and deviations");
  if ((deviations.array() < 0).any()) fail("deviations >= 0");
  for (const Decimal& weight : weights)
    if (!certainly_positive(weight.at(64))) fail("positive weights");
  return {centers, deviations, weights};
}

NoisedLaw::NoisedLaw(const DataLaw& law, const Process& process, const Interval& t)
    : bits_(t.bits()),
      alpha_(process.alpha(t)),
      h_(process.h(t)),
      log_weights_(law.log_weights(bits_)),
      deviations_(law.deviations),
      centers_(enclosed(law.centers, bits_)),
      squares_(enclosed(law.deviations, bits_)),
      spread_(law.components(), law.dimension()),
      points_(law.finite_support()) {
  if (!certainly_positive(h_)) throw std::invalid_argument("NoisedLaw: expected a time t > 0");
  for (Index k = 0; k < law.components(); ++k) {
    for (Index j = 0; j < law.dimension(); ++j) {
      squares_(k, j) = sqr(squares_(k, j));
      spread_(k, j) = sqr(alpha_) * squares_(k, j) + h_;
    }
  }
}

void NoisedLaw::check(std::span<const Interval> x, const char* function) const {
  if (std::ssize(x) != dimension())
    throw std::invalid_argument(std::string("NoisedLaw::") + function + ": expected a point with " +
                                std::to_string(dimension()) + " entries");
}

/// A guess, in double, of the component with the largest weight: any choice gives valid enclosures.
Index NoisedLaw::likeliest(std::span<const Interval> x) const {
  Index best = 0;
  double best_value = -INFINITY;
  const double alpha = alpha_.approx_double();
  for (Index k = 0; k < centers_.rows(); ++k) {
    double value = log_weights_[size(k)].approx_double();
    for (Index j = 0; j < dimension(); ++j) {
      const double s = spread_(k, j).approx_double();
      const double away = x[size(j)].approx_double() - alpha * centers_(k, j).approx_double();
      value -= 0.5 * (away * away / s + std::log(s));
    }
    if (value > best_value) best = k, best_value = value;
  }
  return best;
}

/// log(w_k(x) / w_r(x)). Where both have one spread s, the squares cancel:
/// (x - alpha mu_r)^2 - (x - alpha mu_k)^2 = 2 alpha (mu_k - mu_r)(x - alpha (mu_k + mu_r)/2), x once.
Interval NoisedLaw::log_ratio(Index k, Index r, std::span<const Interval> x) const {
  Interval sum = log_weights_[size(k)] - log_weights_[size(r)];
  for (Index j = 0; j < dimension(); ++j) {
    const Interval &mk = centers_(k, j), &mr = centers_(r, j);
    const Interval &sk = spread_(k, j), &sr = spread_(r, j);
    if (deviations_(k, j) == deviations_(r, j)) {
      sum += alpha_ * (mk - mr) * (x[size(j)] - alpha_ * (mk + mr) / 2) / sk;
    } else {
      sum += (sqr(x[size(j)] - alpha_ * mr) / sr - sqr(x[size(j)] - alpha_ * mk) / sk - log(sk / sr)) / 2;
    }
  }
  return sum;
}

/// log(pi_k p(x | k)).
Interval NoisedLaw::log_component(Index k, std::span<const Interval> x) const {
  Interval sum = log_weights_[size(k)];
  const Interval two_pi = Interval::pi(bits_) * 2;
  for (Index j = 0; j < dimension(); ++j) {
    const Interval& s = spread_(k, j);
    sum -= (sqr(x[size(j)] - alpha_ * centers_(k, j)) / s + log(two_pi * s)) / 2;
  }
  return sum;
}

/// E[X_0 | k, X_t = x], entry j.
Interval NoisedLaw::component_mean(Index k, Index j, const Interval& x) const {
  if (points_) return centers_(k, j);
  return (h_ * centers_(k, j) + alpha_ * squares_(k, j) * x) / spread_(k, j);
}

/// exp of the log-ratios to a reference, and the weights that they give.
struct NoisedLaw::Posterior {
  Index reference;
  IntervalVector ratios, others, weights;
};

NoisedLaw::Posterior NoisedLaw::posterior(std::span<const Interval> x) const {
  Posterior result{.reference = likeliest(x), .ratios = {}, .others = {}, .weights = {}};
  for (Index k = 0; k < centers_.rows(); ++k)
    result.ratios.push_back(k == result.reference ? Interval::from_integer(1, bits_)
                                                  : exp(log_ratio(k, result.reference, x)));
  result.others = sums_of_others(result.ratios);
  for (std::size_t k = 0; k < result.ratios.size(); ++k)
    result.weights.push_back(share(result.ratios[k], result.others[k]));
  return result;
}

IntervalVector NoisedLaw::posterior_weights(std::span<const Interval> x) const {
  check(x, "posterior_weights");
  return posterior(x).weights;
}

Interval NoisedLaw::log_density(std::span<const Interval> x) const {
  check(x, "log_density");
  const Posterior given = posterior(x);
  return log_component(given.reference, x) + log1p(given.others[size(given.reference)]);
}

Interval NoisedLaw::density(std::span<const Interval> x) const {
  return exp(log_density(x));
}

/// f_* = m_r + sum_k w_k (m_k - m_r): the widths of the weights count only where means differ.
IntervalVector NoisedLaw::posterior_mean(std::span<const Interval> x) const {
  check(x, "posterior_mean");
  const Posterior given = posterior(x);
  IntervalVector mean;
  for (Index j = 0; j < dimension(); ++j) {
    const Interval& xj = x[size(j)];
    const Interval base = component_mean(given.reference, j, xj);
    Interval sum = base, range = base;
    for (Index k = 0; k < centers_.rows(); ++k) {
      if (k == given.reference) continue;
      const Interval own = component_mean(k, j, xj);
      sum += given.weights[size(k)] * (own - base);
      range = hull(range, own);
    }
    mean.push_back(intersection(sum, range));
  }
  return mean;
}

IntervalVector NoisedLaw::score(std::span<const Interval> x) const {
  check(x, "score");
  IntervalVector result = posterior_mean(x);
  for (std::size_t j = 0; j < result.size(); ++j) result[j] = (alpha_ * result[j] - x[j]) / h_;
  return result;
}

/// Law of total variance, the variance of the means as sum_{k<l} w_k w_l (m_k - m_l)(m_k - m_l)': nothing cancels.
IntervalMatrix NoisedLaw::posterior_covariance(std::span<const Interval> x) const {
  check(x, "posterior_covariance");
  const IntervalVector w = posterior(x).weights;
  const Index d = dimension(), count = centers_.rows();
  IntervalMatrix result(d, d), means(count, d);
  for (Index k = 0; k < count; ++k) {
    for (Index j = 0; j < d; ++j) {
      means(k, j) = component_mean(k, j, x[size(j)]);
      result(j, j) += w[size(k)] * h_ * squares_(k, j) / spread_(k, j);
    }
    for (Index l = 0; l < k; ++l) {
      const Interval both = w[size(k)] * w[size(l)];
      for (Index i = 0; i < d; ++i) {
        const Interval scaled = both * (means(k, i) - means(l, i));
        for (Index j = 0; j < i; ++j) result(i, j) += scaled * (means(k, j) - means(l, j));
        result(i, i) += both * sqr(means(k, i) - means(l, i));
      }
    }
  }
  for (Index i = 0; i < d; ++i)
    for (Index j = 0; j < i; ++j) result(j, i) = result(i, j);
  return result;
}

IntervalVector exact_point(std::span<const double> x, Bits bits) {
  IntervalVector result;
  for (const double entry : x) result.emplace_back(entry, bits);
  return result;
}

}  // namespace assay

#include "descent/descent_run.hpp"
#include "enclosure/index.hpp"
#include "network/fast/network.hpp"
#include "network/kernel.hpp"

namespace assay {

namespace {

/// [-r, r] for the upper end r of a number >= 0.
Interval around_zero(const Interval& radius) {
  return hull(-radius.upper(), radius.upper());
}

/// The orbit of points W^ with the distance of the exact W from it, and the network at W^.
class DeepOrbit {
 public:
  DeepOrbit(const Instance& instance, double eta, Bits bits)
      : instance_(instance),
        bits_(bits),
        eta_(eta, 53),
        neurons_(separate_neurons(instance.w, instance.a)),
        x_(instance.n(), instance.d_in()),
        w_(instance.m(), instance.d_in()),
        gram_(input_gram(instance.x, bits)),
        distance_(Interval::from_integer(0, bits)) {
    for (Index r = 0; r < w_.rows(); ++r)
      for (Index k = 0; k < w_.cols(); ++k) w_(r, k) = Interval(instance.w(r, k), std::max<Bits>(bits, 53));
    start_ = w_;
    for (Index i = 0; i < n(); ++i) {
      for (Index k = 0; k < x_.cols(); ++k) x_(i, k) = Interval(instance.x(i, k), 53);
      const std::vector<double> row(instance.x.row(i).begin(), instance.x.row(i).end());
      input_norms_.push_back(euclidean_norm(row, bits));
    }
    evaluate();
  }

  /// The exact network, and what is reported about it.
  NetworkAt<Interval> network() const;
  RunStep facts() const;
  const IntervalMatrix& gram() const { return gram_; }
  const Interval& eta() const { return eta_; }
  const Interval& distance() const { return distance_; }

  void step();

 private:
  Index n() const { return instance_.n(); }
  Index d() const { return instance_.d(); }
  Interval logit(Index i, Index r) const;
  void evaluate();
  void evaluate_sample(Index i);
  void set_class_grams();
  void set_eigenvalues();
  void set_slopes();
  Interval slope_of(const Neurons::Class& group, Index i) const;

  const Instance& instance_;
  Bits bits_;
  Interval eta_;
  Neurons neurons_;
  IntervalMatrix x_, w_, start_, gram_;
  Interval distance_;
  IntervalVector input_norms_;
  // At the points w_:
  IntervalMatrix q_, p_, e_;
  IntervalVector alpha_;
  std::vector<IntervalMatrix> class_grams_;
  // At doubles at most rounding_ away from them:
  Interval rounding_, lambda_min_, lambda_max_;
  // Over the ball around them:
  Interval jacobian_, jacobian_change_, curvature_;
};

Interval DeepOrbit::logit(Index i, Index r) const {
  Interval z = Interval::from_integer(0, bits_);
  for (Index k = 0; k < w_.cols(); ++k) z.add_product(w_(r, k), x_(i, k));
  return z;
}

void DeepOrbit::evaluate_sample(Index i) {
  Interval sum = Interval::from_integer(0, bits_);
  for (Index r = 0; r < w_.rows(); ++r) sum += q_(i, r) = exp(logit(i, r));
  alpha_[size(i)] = sum;
  const Interval scale = w_.rows() / sum;
  for (Index r = 0; r < w_.rows(); ++r) q_(i, r) *= scale;
  for (const auto& group : neurons_.classes) {
    Interval weight = Interval::from_integer(0, bits_);
    for (const Index r : group.columns) weight += q_(i, r);
    for (Index l = 0; l < d(); ++l) p_(l, i).add_multiple(group.signs[0](l), weight);
  }
  for (Index l = 0; l < d(); ++l) {
    e_(l, i) = p_(l, i) - Interval(instance_.y(i, l), 53);
    p_(l, i) /= Interval::from_integer(w_.rows(), bits_);
  }
}

void DeepOrbit::set_class_grams() {
  class_grams_.clear();
  for (const auto& group : neurons_.classes) {
    IntervalMatrix sums(n(), n());
    for (Index i = 0; i < n(); ++i)
      for (Index j = 0; j <= i; ++j) {
        Interval sum = Interval::from_integer(0, bits_);
        for (const Index r : group.columns) sum.add_product(q_(i, r), q_(j, r));
        sums(i, j) = sums(j, i) = sum;
      }
    class_grams_.push_back(std::move(sums));
  }
}

/// Eigenvalues of the kernel by way of the fast tier, at the doubles next to w_.
void DeepOrbit::set_eigenvalues() {
  RealMatrix nearby(w_.rows(), w_.cols());
  Interval squares = Interval::from_integer(0, bits_);
  for (Index r = 0; r < w_.rows(); ++r)
    for (Index k = 0; k < w_.cols(); ++k) {
      nearby(r, k) = w_(r, k).lower_double();
      squares += sqr(w_(r, k) - Interval(nearby(r, k), 53));
    }
  rounding_ = sqrt(squares).upper();
  const auto sums = fast::network_sums(instance_.x, StoredNeurons(nearby, instance_.a), {});
  lambda_min_ = lambda_max_ = Interval::whole_line(64);
  if (!sums) return;
  const fast::KernelBall h = fast::kernel(*sums, instance_.x);
  lambda_min_ = enclosure_of(fast::lambda_min(h.symmetric()));
  lambda_max_ = nonnegative_part(enclosure_of(fast::lambda_max(h.symmetric())));
}

/// |J|_2, its change since the doubles and the curvature over the ball of radius distance_: see Orbit.
void DeepOrbit::set_slopes() {
  const Interval one = Interval::from_integer(1, bits_);
  Interval squared_lipschitz = Interval::from_integer(0, bits_);
  const Interval reach = distance_ + rounding_;
  IntervalVector factors;
  for (Index i = 0; i < n(); ++i) {
    const Interval rho = input_norms_[size(i)] * reach;
    Interval most = q_(i, 0);
    for (Index r = 1; r < w_.rows(); ++r) most = max(most, q_(i, r));
    factors.push_back(sqr(input_norms_[size(i)]) * exp(rho * 2));
    for (Index l = 0; l < d(); ++l) squared_lipschitz += sqr(factors.back() * most * (one + abs(p_(l, i)) + rho));
  }
  jacobian_change_ = (sqrt(squared_lipschitz) * reach).upper();
  jacobian_ = (sqrt(lambda_max_ * w_.rows()) + jacobian_change_).upper();
  const Interval output_change = jacobian_ * distance_;
  for (Index i = 0; i < n(); ++i) {
    Interval sum = Interval::from_integer(0, bits_);
    for (Index l = 0; l < d(); ++l)
      sum += (abs(e_(l, i)) + output_change) * (one + abs(p_(l, i)) + input_norms_[size(i)] * distance_);
    factors[size(i)] *= sum;
  }
  curvature_ = Interval::from_integer(0, bits_);
  for (Index r = 0; r < w_.rows(); ++r) {
    Interval sum = Interval::from_integer(0, bits_);
    for (Index i = 0; i < n(); ++i) sum.add_product(factors[size(i)], q_(i, r));
    curvature_ = max(curvature_, sum).upper();
  }
}

void DeepOrbit::evaluate() {
  q_ = IntervalMatrix(n(), w_.rows());
  p_ = e_ = IntervalMatrix(d(), n());
  alpha_.assign(size(n()), Interval());
  for (Index i = 0; i < n(); ++i) evaluate_sample(i);
  set_class_grams();
  set_eigenvalues();
  set_slopes();
}

NetworkAt<Interval> DeepOrbit::network() const {
  NetworkAt<Interval> at;
  const auto factor = [&](const Interval& spread) { return exp(around_zero(spread)); };
  IntervalVector factors;
  for (Index i = 0; i < n(); ++i)
    for (Index j = 0; j < n(); ++j)
      factors.push_back(factor((input_norms_[size(i)] + input_norms_[size(j)]) * distance_ * 2));
  for (std::size_t g = 0; g < class_grams_.size(); ++g) {
    at.classes.push_back({0, {}});
    for (Index l = 0; l < d(); ++l)
      if (neurons_.classes[g].signs[0](l) < 0) at.classes.back().mask |= std::uint64_t{1} << l;
    for (std::size_t k = 0; k < factors.size(); ++k)
      at.classes.back().gram.push_back(class_grams_[g].entries()[k] * factors[k]);
  }
  for (Index l = 0; l < d(); ++l)
    for (Index i = 0; i < n(); ++i) {
      at.p.push_back(p_(l, i) + around_zero(input_norms_[size(i)] * distance_));
      at.e.push_back(e_(l, i) + around_zero(jacobian_ * distance_));
    }
  for (Index i = 0; i < n(); ++i) at.alpha.push_back(alpha_[size(i)] * factor(input_norms_[size(i)] * distance_));
  return at;
}

RunStep DeepOrbit::facts() const {
  const Interval kernel_change = jacobian_change_ * (jacobian_ * 2 + jacobian_change_) / w_.rows();
  Interval move = Interval::from_integer(0, bits_);
  const IntervalMatrix change = w_ - start_;
  for (Index r = 0; r < w_.rows(); ++r) move = max(move, euclidean_norm(change.row(r)));
  const Interval residual = frobenius_norm(e_) + around_zero(jacobian_ * distance_);
  return {sqr(nonnegative_part(residual)), nonnegative_part(move + around_zero(distance_)),
          nonnegative_part(lambda_min_ + around_zero(kernel_change)), lambda_max_ + around_zero(kernel_change)};
}

/// sum_l e_{l,i} (g_l - p_{l,i}).
Interval DeepOrbit::slope_of(const Neurons::Class& group, Index i) const {
  Interval sum = Interval::from_integer(0, bits_);
  for (Index l = 0; l < d(); ++l) sum += e_(l, i) * (group.signs[0](l) - p_(l, i));
  return sum;
}

void DeepOrbit::step() {
  const Interval one = Interval::from_integer(1, bits_);
  const Interval growth = max(one, eta_ * sqr(jacobian_) - one) + eta_ * curvature_;
  IntervalMatrix defect(w_.rows(), w_.cols());
  for (const auto& group : neurons_.classes) {
    IntervalVector slopes;
    for (Index i = 0; i < n(); ++i) slopes.push_back(-(eta_ * slope_of(group, i)));
    for (const Index r : group.columns)
      for (Index i = 0; i < n(); ++i) {
        const Interval step = slopes[size(i)] * q_(i, r);
        for (Index k = 0; k < w_.cols(); ++k) w_(r, k).add_product(step, x_(i, k));
      }
  }
  // From here on a point, and the rest of the interval is the defect.
  for (Index r = 0; r < w_.rows(); ++r)
    for (Index k = 0; k < w_.cols(); ++k) {
      const Interval point = w_(r, k).lower();
      defect(r, k) = (w_(r, k) - point).upper();
      w_(r, k) = point;
    }
  distance_ = (growth * distance_ + frobenius_norm(defect)).upper();
  evaluate();
}

}  // namespace

DescentRun deep_descent(const Instance& instance, const RunOptions& options, Bits bits) {
  DescentRun run;
  run.eta = options.eta;
  DeepOrbit orbit(instance, options.eta, bits);
  std::vector<Interval> products(orbit.gram().entries().begin(), orbit.gram().entries().end());
  NetworkAt<Interval> before = orbit.network();
  for (long tau = 0;; ++tau) {
    run.steps.push_back(orbit.facts());
    run.reached = certainly_less_equal(run.steps.back().squared_residual, options.epsilon);
    options.progress(static_cast<double>(tau) / static_cast<double>(options.steps));
    if (run.reached || tau == options.steps) return run;
    orbit.step();
    if (!certainly_less_equal(orbit.distance(), Interval::from_integer(1, bits))) break;
    NetworkAt<Interval> at = orbit.network();
    std::vector<Interval> outputs;
    for (std::size_t k = 0; k < at.e.size(); ++k) {
      const auto cell = static_cast<Index>(k);
      outputs.push_back(at.e[k] + Interval(instance.y(cell % instance.n(), cell / instance.n()), 53));
    }
    run.terms.push_back(four_terms(before, at, outputs, products, orbit.eta()));
    before = std::move(at);
  }
  run.reason = "the enclosure of the orbit has grown too wide at this precision";
  return run;
}

}  // namespace assay

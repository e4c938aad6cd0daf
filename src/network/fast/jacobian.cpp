#include "network/fast/jacobian.hpp"

#include "enclosure/fast/kernels.hpp"
#include "enclosure/norm.hpp"
#include "network/fast/chunk.hpp"

namespace assay::fast {

namespace {

/// |a_r - p_i|_2 for the sign vector of a class (of a paired network: sqrt d, as p = 0).
class SignGaps {
 public:
  SignGaps(const NetworkSums& sums) : n_(sums.n) {
    const std::vector<Ball> p = outputs(sums);
    for (const auto& [mask, unused] : sums.classes) {
      std::vector<Ball>& gaps = of_class_[mask];
      for (Index i = 0; i < n_; ++i) {
        std::vector<Ball> gap;
        for (Index l = 0; l < sums.d; ++l)
          gap.push_back(Ball{static_cast<double>(sign_of(mask, l)), 0} - p[size(l * n_ + i)]);
        gaps.push_back(euclidean_norm(gap));
      }
    }
  }
  double upper(std::uint64_t mask, Index i) const { return of_class_.at(mask)[size(i)].upper(); }
  double least(Index i) const {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [mask, gaps] : of_class_) least = std::fmin(least, gaps[size(i)].lower());
    return std::fmax(least, 0);
  }

 private:
  Index n_;
  std::map<std::uint64_t, std::vector<Ball>> of_class_;
};

/// What is the same for all neurons.
struct Inputs {
  RowMajorMatrix absolute_gram;  // >= |<x_i, x_j>|
  double top = 0;                // >= lambda_max(X' X)
  std::vector<double> norms;     // >= |x_i|

  explicit Inputs(const RealMatrix& x) : absolute_gram(x.rows(), x.rows()), norms(upper_input_norms(x)) {
    for (Index i = 0; i < x.rows(); ++i) {
      for (Index j = 0; j < x.rows(); ++j) absolute_gram(i, j) = input_product(x, i, j).magnitude();
    }
    top = upper_norm_of_radii(absolute_gram);
  }
};

/// The sums of one class over b^{2k} e e' (lower triangles) and of all classes over b^k e, as computed.
struct BallSums {
  std::map<std::uint64_t, std::array<RowMajorMatrix, kJacobianOrder>> grams;
  std::array<Eigen::VectorXd, kJacobianOrder> means;
  double largest_b = 0, least_b = std::numeric_limits<double>::infinity();
  std::vector<double> b;  // by column, if kept

  void add(const BallSums& other) {
    for (const auto& [mask, from] : other.grams) {
      auto& into = grams[mask];
      for (std::size_t k = 0; k < kJacobianOrder; ++k)
        if (into[k].size() == 0)
          into[k] = from[k];
        else
          into[k] += from[k];
    }
    for (std::size_t k = 0; k < kJacobianOrder; ++k)
      if (means[k].size() == 0)
        means[k] = other.means[k];
      else
        means[k] += other.means[k];
    b.insert(b.end(), other.b.begin(), other.b.end());
    largest_b = std::max(largest_b, other.largest_b);
    least_b = std::min(least_b, other.least_b);
  }
};

/// The pass over the neurons.
class Pass {
 public:
  Pass(const NetworkSums& sums, const RealMatrix& x, RadiusShape shape, bool keep_b)
      : sums_(sums), inputs_(x), gaps_(sums), shape_(shape), keep_b_(keep_b) {
    for (Index i = 0; i < sums.n; ++i) q_factor_.push_back(static_cast<double>(sums.m) / sums.total(i));
  }

  BallSums work(Chunk& chunk) const {
    chunk.make_exponentials(sums_.shifts);
    BallSums result;
    for (auto& mean : result.means) mean = Eigen::VectorXd::Zero(sums_.n);
    std::vector<double> b(chunk.count(), 1.0);
    for (const Chunk::Class& group : chunk.classes())
      if (shape_ == RadiusShape::gradient) fill_gradient_bounds(chunk, group, b);
    const Extremes range = extremes(b.data(), b.size());
    result.largest_b = range.most;
    result.least_b = range.least;
    add_weighted_sums(chunk, b, result);
    if (keep_b_) result.b = in_order(chunk, b);
    return result;
  }

 private:
  static std::vector<double> in_order(const Chunk& chunk, const std::vector<double>& b) {
    Index first = chunk.column_at(0);
    for (std::size_t place = 0; place < b.size(); ++place) first = std::min(first, chunk.column_at(place));
    std::vector<double> ordered(b.size());
    for (std::size_t place = 0; place < b.size(); ++place) ordered[size(chunk.column_at(place) - first)] = b[place];
    return ordered;
  }

  /// b_c^2 = min( sum_i k_i^2 |x_i|^2, max_i k_i^2 lambda_max(X'X), max_i sum_j |<x_i,x_j>| k_j^2 ), k_i = q_i |a -
  /// p_i|: three bounds of lambda_max(X' diag(k^2) X) (trace, product, Collatz-Wielandt for k_i k_j |<x_i,x_j>|).
  void fill_gradient_bounds(const Chunk& chunk, const Chunk::Class& group, std::vector<double>& b) const {
    const std::size_t n = size(sums_.n), count = group.end - group.begin;
    std::vector<double> squares(n * count), trace(count, 0.0), most(count, 0.0), row(count), rows(count, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double* e = chunk.exponentials(static_cast<Index>(i)) + group.begin;
      const double factor = q_factor_[i] * gaps_.upper(group.mask, static_cast<Index>(i));
      const double norm2 = inflated(inputs_.norms[i] * inputs_.norms[i]);
      double* square = squares.data() + i * count;
      for (std::size_t c = 0; c < count; ++c) {
        const double k = factor * e[c];
        square[c] = inflated(k * k);
        trace[c] += square[c] * norm2;
        most[c] = std::max(most[c], square[c]);
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      combine_rows(inputs_.absolute_gram.data() + i * n, n, squares.data(), count, count, row.data());
      for (std::size_t c = 0; c < count; ++c) rows[c] = std::max(rows[c], row[c]);
    }
    for (std::size_t c = 0; c < count; ++c)
      b[group.begin + c] = std::sqrt(std::min({trace[c], most[c] * inputs_.top, rows[c]}));
  }

  void add_weighted_sums(const Chunk& chunk, const std::vector<double>& b, BallSums& result) const {
    const std::size_t n = size(sums_.n), stride = chunk.capacity();
    std::vector<double> weighted(n * stride);
    for (std::size_t i = 0; i < n; ++i)
      std::copy_n(chunk.exponentials(static_cast<Index>(i)), chunk.count(), weighted.data() + i * stride);
    for (std::size_t k = 0; k < kJacobianOrder; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        double* row = weighted.data() + i * stride;
        for (std::size_t c = 0; c < chunk.count(); ++c) row[c] *= b[c];
        result.means[k](static_cast<Index>(i)) += sum(row, chunk.count());
      }
      for (const Chunk::Class& group : chunk.classes()) {
        RowMajorMatrix& gram = result.grams[group.mask][k];
        gram = RowMajorMatrix::Zero(sums_.n, sums_.n);
        lower_gram(weighted.data(), stride, sums_.n, group, gram);
      }
    }
  }

  const NetworkSums& sums_;
  Inputs inputs_;
  SignGaps gaps_;
  RadiusShape shape_;
  bool keep_b_;
  std::vector<double> q_factor_;
};

/// The sums of a network whose Gram entries are those of b^{2k} e e' instead of e e'.
NetworkSums weighted_network(const NetworkSums& sums, const BallSums& ball, std::size_t k) {
  NetworkSums weighted = sums;
  // Rounding of b^k e (k products and e itself), and plain sums over the columns in any order.
  weighted.sum_error = combined(upper_gamma(static_cast<double>(sums.m) + 4 * kJacobianOrder + 64), sums.sum_error);
  const double underflow = std::pow(std::fmax(ball.largest_b, 1.0), 2.0 * static_cast<double>(k)) * (1 + 0x1p-40);
  weighted.absolute_error = inflated(sums.absolute_error * underflow + 0x1p-1000 * static_cast<double>(sums.m));
  for (auto& [mask, group] : weighted.classes) {
    const RowMajorMatrix& gram = ball.grams.at(mask)[k - 1];
    group.gram = gram;
    for (Index i = 0; i < sums.n; ++i)
      for (Index j = 0; j < i; ++j) group.gram(j, i) = gram(i, j);
  }
  return weighted;
}

Ball power_of(const Ball& a, std::size_t k) {
  Ball result{1, 0};
  for (std::size_t j = 0; j < k; ++j) result = result * a;
  return result;
}

double factorial(std::size_t k) {
  return k < 2 ? 1 : static_cast<double>(k) * factorial(k - 1);
}

/// sqrt(x) / k!, rounded up.
double root_over_factorial(double x, std::size_t k) {
  return x <= 0 ? 0 : inflated(std::sqrt(x) * (1 + 0x1p-50) / factorial(k));
}

/// Upper bound of lambda_max of the kernel with <x_i,x_j>^{k+1} for <x_i,x_j>.
double upper_change(const NetworkSums& weighted, const RealMatrix& x, std::size_t k) {
  KernelBall h = kernel(weighted, x);
  for (Index i = 0; i < weighted.n; ++i)
    for (Index j = 0; j < weighted.n; ++j) {
      const Ball power = power_of(input_product(x, i, j), k);
      for (Index l = 0; l < weighted.d; ++l)
        for (Index o = 0; o < weighted.d; ++o) {
          const Index row = l * weighted.n + i, column = o * weighted.n + j;
          const Ball entry = Ball{h.middle(row, column), h.radii(row, column)} * power;
          h.middle(row, column) = entry.middle;
          h.radii(row, column) = entry.radius;
        }
    }
  return lambda_max(h.symmetric()).upper();
}

/// <x_i,x_j>^{k+1} (1/m) sum_r b^{2k} q_i q_j over all neurons, n x n; with |x_i|^k |x_j|^k |<x_i,x_j>| if `absolute`.
KernelBall plain_kernel(const NetworkSums& weighted, const RealMatrix& x, std::size_t k, bool absolute) {
  const Index n = weighted.n;
  KernelBall result{RowMajorMatrix(n, n), RowMajorMatrix(n, n)};
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      double all = 0;
      for (const auto& [mask, group] : weighted.classes) all += group.gram(i, j);
      if (weighted.paired) all *= 2;
      const Ball sum = from_relative(all, gram_error(weighted, i, j), weighted.absolute_error);
      const Ball inner = input_product(x, i, j);
      Ball entry = scale_of(weighted, x, i, j) * sum * power_of(inner, absolute ? 0 : k);
      if (absolute) {
        const Ball squares = input_product(x, i, i) * input_product(x, j, j);
        entry = entry * power_of(sqrt_of_nonnegative(squares), k);
        entry.middle = std::fabs(entry.middle);
      }
      result.middle(i, j) = result.middle(j, i) = entry.middle;
      result.radii(i, j) = result.radii(j, i) = entry.radius;
    }
  return result;
}

double upper_of_absolute(const KernelBall& kernel) {
  RowMajorMatrix magnitudes = kernel.middle;
  for (Index i = 0; i < magnitudes.size(); ++i)
    magnitudes.data()[i] = Ball{kernel.middle.data()[i], kernel.radii.data()[i]}.magnitude();
  return upper_norm_of_radii(magnitudes);
}

/// cov_{S_i}(a) = sum_r S_{i,r} a_r a_r' - p_i p_i', d x d.
KernelBall sign_covariance(const NetworkSums& sums, const std::vector<Ball>& p, Index i) {
  KernelBall result{RowMajorMatrix(sums.d, sums.d), RowMajorMatrix(sums.d, sums.d)};
  const Ball total = total_of(sums, i);
  for (Index l = 0; l < sums.d; ++l)
    for (Index k = 0; k < sums.d; ++k) {
      double second = 0;
      for (const auto& [mask, group] : sums.classes) second += sign_of(mask, l) * sign_of(mask, k) * group.sum(i);
      if (sums.paired) second *= 2;
      const Ball entry = Ball{second, total.radius} / total - p[size(l * sums.n + i)] * p[size(k * sums.n + i)];
      result.middle(l, k) = entry.middle;
      result.radii(l, k) = entry.radius;
    }
  result.middle = (result.middle + result.middle.transpose()).eval() / 2;  // equal already
  return result;
}

JacobianMoments::Sample sample_moments(const NetworkSums& sums, const RealMatrix& x, const BallSums& ball, Index i) {
  JacobianMoments::Sample sample;
  const std::vector<Ball> p = outputs(sums);
  sample.norm = upper_input_norms(x)[size(i)];
  const double order = upper_gamma(static_cast<double>(sums.m) + 4 * kJacobianOrder + 64);
  for (std::size_t k = 0; k < kJacobianOrder; ++k) {
    const double computed = ball.means[k](i) * (sums.paired ? 2 : 1);
    const double power = std::pow(std::fmax(ball.largest_b, 1.0), static_cast<double>(k + 1)) * (1 + 0x1p-40);
    sample.mean[k] =
        from_relative(computed, combined(total_error(sums, i), order), inflated(sums.absolute_error * power)) /
        total_of(sums, i);
  }
  sample.spread = root_over_factorial(lambda_max(sign_covariance(sums, p, i).symmetric()).upper(), 0);
  for (Index l = 0; l < sums.d; ++l) sample.largest_p = std::max(sample.largest_p, p[size(l * sums.n + i)].magnitude());
  sample.largest_p = std::min(sample.largest_p, 1.0);
  return sample;
}

bool is_finite(const JacobianMoments& moments) {
  bool finite = std::isfinite(moments.largest_b) && std::isfinite(moments.lambda_min.radius) &&
                std::isfinite(moments.lambda_max.radius) && std::isfinite(moments.slack);
  for (const double value : moments.change) finite = finite && std::isfinite(value);
  for (const double value : moments.shift) finite = finite && std::isfinite(value);
  for (const auto& sample : moments.samples) {
    finite = finite && std::isfinite(sample.spread);
    for (const Ball& mean : sample.mean) finite = finite && std::isfinite(mean.middle) && std::isfinite(mean.radius);
  }
  return finite;
}

void set_norms(JacobianMoments& moments, const NetworkSums& sums, const BallSums& ball, const RealMatrix& x) {
  double gap = 0;
  for (const auto& sample : moments.samples) gap = std::max(gap, 1 + sample.largest_p);
  for (std::size_t k = 0; k <= kJacobianOrder; ++k) {
    const NetworkSums weighted = k == 0 ? sums : weighted_network(sums, ball, k);
    if (k < kJacobianOrder) {
      moments.shift[k] = root_over_factorial(lambda_max(plain_kernel(weighted, x, k, false).symmetric()).upper(), k);
      if (k > 0) moments.change[k - 1] = root_over_factorial(upper_change(weighted, x, k), k);
      if (k == 2) moments.change_by_squares = root_over_factorial(upper_change(weighted, x, 1), 0);
    } else {
      moments.shift[k] = root_over_factorial(upper_of_absolute(plain_kernel(weighted, x, k, true)), k);
      // |sum_l G_{(l,i),r} v_{l,i}| <= sqrt(d) (1 + max |p|) q_{i,r} |v_i|.
      moments.change[k - 1] = upper_product(moments.shift[k], gap, std::sqrt(static_cast<double>(sums.d)));
    }
  }
}

}  // namespace

std::optional<JacobianMoments> jacobian_moments(const NetworkSums& sums, const RealMatrix& x,
                                                const NeuronStream& neurons, RadiusShape shape,
                                                const StreamOptions& options, bool keep_b) {
  JacobianMoments moments;
  moments.n = sums.n;
  moments.d = sums.d;
  moments.m = sums.m;
  moments.paired = sums.paired;
  const KernelBall h = kernel(sums, x);
  moments.lambda_min = lambda_min(h.symmetric());
  moments.lambda_max = lambda_max(h.symmetric());

  const Pass pass(sums, x, shape, keep_b);
  BallSums ball;
  for_each_chunk(
      x, neurons, options, [&](Chunk& chunk) { return pass.work(chunk); },
      [&](const BallSums& part) { ball.add(part); });
  moments.largest_b = ball.largest_b;
  moments.least_b = ball.least_b;
  moments.b = std::move(ball.b);
  const SignGaps gaps(sums);
  double error = 0;
  for (Index i = 0; i < sums.n; ++i) {
    moments.samples.push_back(sample_moments(sums, x, ball, i));
    moments.samples.back().least_gap = gaps.least(i);
    error = std::max(error, combined(sums.eta(i), total_error(sums, i)));
  }
  // b is computed from squares of e / total with a few dozen roundings; true <= computed (1 + 4 error + ...).
  const double roundings = upper_gamma(static_cast<double>(4 * sums.n) + 64);
  moments.slack = 1 + inflated(4 * error + roundings);
  // Where a term may have underflowed, b is no bound.
  constexpr double kLeastB = 1e-140;
  if (shape == RadiusShape::gradient && (sums.absolute_error > 0 || !(ball.least_b > kLeastB))) return std::nullopt;
  set_norms(moments, sums, ball, x);
  if (!is_finite(moments)) return std::nullopt;
  return moments;
}

}  // namespace assay::fast

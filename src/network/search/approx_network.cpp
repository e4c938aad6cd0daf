#include "network/search/approx_network.hpp"

#include <algorithm>
#include <cmath>

#include "enclosure/fast/kernels.hpp"
#include "enclosure/index.hpp"

namespace assay {

namespace {

using Dense = Eigen::MatrixXd;

/// Up to here the products of 1 - p with itself keep nine digits when they are multiplied out.
constexpr double kLargestMean = 0.999;

std::size_t packed(Index l, Index k) {
  return size(l * (l - 1) / 2 + k);
}

/// The columns of s in the order of a part.
RealMatrix in_order(const RealMatrix& s, const SignGroups::Part& part) {
  RealMatrix sorted(s.rows(), s.cols());
  for (Index i = 0; i < s.rows(); ++i)
    for (Index place = 0; place < s.cols(); ++place) sorted(i, place) = s(i, part.order[size(place)]);
  return sorted;
}

/// gram(i, j) = sum over the group of s_i s_j, j <= i (and a few more).
void fill_gram(const RealMatrix& sorted, const SignGroups::Group& group, RealMatrix& gram) {
  constexpr Index kRows = 4;
  const Index n = sorted.rows(), stride = sorted.cols();
  const double* first = sorted.data() + group.begin;
  for (Index i = 0; i < n; i += kRows) {
    const Index rows = std::min(kRows, n - i);
    fast::products_of_rows(first + i * stride, size(stride), size(rows), first, size(stride), size(i + rows),
                           size(group.end - group.begin), gram.data() + i * n, size(n));
  }
}

/// Block (l, k) of an N x N matrix.
auto block_of(const Dense& a, Index n, Index l, Index k) {
  return a.block(l * n, k * n, n, n);
}

}  // namespace

const RealMatrix& ApproxSignedSums::of_pair(Index l, Index k) const {
  if (l == k) return zeroth;
  return second[l > k ? packed(l, k) : packed(k, l)];
}

ApproxNetworks::ApproxNetworks(const Instance& instance)
    : instance_(instance),
      groups_(group_by_signs(instance.a)),
      a_(instance.a.cast<double>()),
      gram_(instance.x * instance.x.transpose()) {}

RealMatrix ApproxNetworks::softmax(const RealMatrix& w) const {
  constexpr double kLeast = -740;  // its exponential is nothing beside 1
  const RealMatrix by_coordinate = w.transpose();
  const Index m = w.rows(), d_in = instance_.d_in();
  RealMatrix s(instance_.n(), m);
  Eigen::RowVectorXd z(m);
  for (Index i = 0; i < s.rows(); ++i) {
    fast::combine_rows(instance_.x.data() + i * d_in, size(d_in), by_coordinate.data(), size(m), size(m), z.data());
    const double most = z.maxCoeff();
    z = (z.array() - most).max(kLeast);
    fast::scaled_exp(z.data(), s.data() + i * m, size(m), 0);
    s.row(i) /= fast::sum(s.data() + i * m, size(m));
  }
  return s;
}

ApproxSignedSums ApproxNetworks::signed_sums(const RealMatrix& s) const {
  const Index n = s.rows(), d = a_.cols();
  const RealMatrix zero = RealMatrix::Zero(n, n);
  ApproxSignedSums sums{std::vector(size(d * (d - 1) / 2), zero), std::vector(size(d), zero), zero};
  RealMatrix gram = zero;
  for (const SignGroups::Part& part : groups_.parts) {
    const RealMatrix sorted = in_order(s, part);
    for (const SignGroups::Group& group : part.groups) {
      fill_gram(sorted, group, gram);
      if (&part == &groups_.parts.front()) sums.zeroth += gram;
      for (const std::size_t l : part.singles) sums.first[size(part.outputs[l])] += group.signs[l] * gram;
      for (const auto& pair : part.pairs)
        sums.second[packed(pair.l, pair.k)] += group.signs[pair.at_l] * group.signs[pair.at_k] * gram;
    }
  }
  const auto mirror = [](RealMatrix& sum) { sum = RealMatrix(sum.selfadjointView<Eigen::Lower>()); };
  std::for_each(sums.second.begin(), sums.second.end(), mirror);
  std::for_each(sums.first.begin(), sums.first.end(), mirror);
  mirror(sums.zeroth);
  return sums;
}

Dense ApproxNetworks::kernel_from(const ApproxSignedSums& sums, const Dense& p) const {
  const Index n = p.cols(), d = p.rows();
  const RealMatrix scale = gram_ * static_cast<double>(a_.rows());
  Dense h(n * d, n * d);
  for (Index l = 0; l < d; ++l)
    for (Index k = 0; k <= l; ++k) {
      const auto here = p.row(l).transpose().asDiagonal();
      const auto there = p.row(k).transpose().asDiagonal();
      Dense block = sums.of_pair(l, k);
      block -= here * sums.first[size(k)];
      block -= sums.first[size(l)] * there;
      block += here * sums.zeroth * there;
      block = block.cwiseProduct(scale).eval();
      h.block(l * n, k * n, n, n) = block;
      h.block(k * n, l * n, n, n) = block.transpose();
    }
  return h;
}

Dense ApproxNetworks::by_logits(const ApproxNetwork& at) const {
  const Index n = at.s.rows(), d = a_.cols();
  const auto m = static_cast<double>(a_.rows());
  Dense g(n * d, a_.rows());
  for (Index l = 0; l < d; ++l)
    for (Index i = 0; i < n; ++i)
      g.row(l * n + i) = (a_.col(l).transpose().array() - at.p(l, i)) * at.s.row(i).array() * m;
  return g;
}

ApproxNetwork ApproxNetworks::at(const RealMatrix& w) const {
  ApproxNetwork at;
  at.s = softmax(w);
  at.p = (at.s * a_).transpose();
  if (at.p.cwiseAbs().maxCoeff() <= kLargestMean) {
    at.sums = signed_sums(at.s);
    at.h = kernel_from(at.sums, at.p);
  } else {
    const Dense g = by_logits(at);
    at.h = (g * g.transpose()).cwiseProduct(gram_.replicate(a_.cols(), a_.cols())) / static_cast<double>(w.rows());
  }
  return at;
}

/// With C^ = C o gram and K = sum over (l, k) of (g_l - p_l) C^_{lk} (g_k - p_k)', which is one n x n matrix for a
/// group of neurons with the signs g: by q it is 2 / m times K q, and by p it is -2 m C^ (sum of (a - p) S S').
ApproxNetworks::Slopes ApproxNetworks::slopes_from_sums(const ApproxNetwork& at, const Dense& weights) const {
  const Index n = at.s.rows(), d = a_.cols(), m = a_.rows();
  Slopes slopes{Dense::Zero(d, n), RealMatrix::Zero(n, m)};
  RealMatrix constant = RealMatrix::Zero(n, n);       // of K
  std::vector<RealMatrix> linear(size(d), constant);  // what g_k multiplies
  for (Index l = 0; l < d; ++l) {
    constant += block_of(weights, n, l, l);
    for (Index k = 0; k < d; ++k) {
      const auto block = block_of(weights, n, l, k);
      const auto here = at.p.row(l).transpose().asDiagonal();
      const auto there = at.p.row(k).transpose().asDiagonal();
      linear[size(k)] -= here * block;
      linear[size(l)] -= block * there;
      constant += here * Dense(block) * there;
      const RealMatrix moved = at.sums.first[size(k)] - at.sums.zeroth * there;
      slopes.by_p.row(l) -= 2.0 * static_cast<double>(m) * block.cwiseProduct(moved).rowwise().sum().transpose();
    }
  }
  std::vector<double> product(size(m));
  for (const SignGroups::Part& part : groups_.parts) {
    const RealMatrix sorted = in_order(at.s, part);
    for (const SignGroups::Group& group : part.groups) {
      RealMatrix k_of_group = &part == &groups_.parts.front() ? constant : RealMatrix::Zero(n, n);
      for (const std::size_t l : part.singles) k_of_group += group.signs[l] * linear[size(part.outputs[l])];
      for (const auto& pair : part.pairs)
        k_of_group += group.signs[pair.at_l] * group.signs[pair.at_k] *
                      (block_of(weights, n, pair.l, pair.k) + block_of(weights, n, pair.k, pair.l));
      const Index count = group.end - group.begin;
      for (Index i = 0; i < n; ++i) {
        fast::combine_rows(k_of_group.data() + i * n, size(n), sorted.data() + group.begin, size(m), size(count),
                           product.data());
        for (Index c = 0; c < count; ++c) slopes.by_q(i, part.order[size(group.begin + c)]) += 2 * product[size(c)];
      }
    }
  }
  return slopes;
}

ApproxNetworks::Slopes ApproxNetworks::slopes_from_g(const ApproxNetwork& at, const Dense& weights) const {
  const Index n = at.s.rows(), d = a_.cols();
  const auto m = static_cast<double>(a_.rows());
  const Dense by_g = weights * by_logits(at) * (2.0 / m);
  Slopes slopes{Dense::Zero(d, n), RealMatrix::Zero(n, a_.rows())};
  for (Index i = 0; i < n; ++i)
    for (Index l = 0; l < d; ++l) {
      const auto row = by_g.row(l * n + i);
      slopes.by_q.row(i).array() += row.array() * (a_.col(l).transpose().array() - at.p(l, i));
      slopes.by_p(l, i) = -m * row.dot(at.s.row(i));
    }
  return slopes;
}

/// From p and q to the logits, where dp_{l,i} = sum S (a_l - p_l) dz and dq = q (dz - sum S dz), and to W.
RealMatrix ApproxNetworks::by_weights(const ApproxNetwork& at, const Slopes& slopes) const {
  const auto m = static_cast<double>(a_.rows());
  RealMatrix by_z = slopes.by_p.transpose() * a_.transpose();
  for (Index i = 0; i < by_z.rows(); ++i) {
    by_z.row(i).array() += m * slopes.by_q.row(i).array() - slopes.by_p.col(i).dot(at.p.col(i));
    const double mean = m * slopes.by_q.row(i).dot(at.s.row(i));
    by_z.row(i) = (by_z.row(i).array() - mean) * at.s.row(i).array();
  }
  return by_z.transpose() * instance_.x;
}

RealMatrix ApproxNetworks::gradient(const ApproxNetwork& at, const Dense& slope) const {
  const Index d = a_.cols();
  const Dense weights = slope.cwiseProduct(gram_.replicate(d, d));
  return by_weights(at, at.sums.first.empty() ? slopes_from_g(at, weights) : slopes_from_sums(at, weights));
}

RealMatrix ApproxNetworks::gradient_along(const ApproxNetwork& at, const Eigen::VectorXd& v) const {
  const Index n = at.s.rows(), d = a_.cols();
  const auto m = static_cast<double>(a_.rows());
  const Dense by_output = Eigen::Map<const Dense>(v.data(), n, d);  // v_{l,i} at (i, l)
  RealMatrix signs = by_output * a_.transpose();
  signs.colwise() -= by_output.cwiseProduct(at.p.transpose()).rowwise().sum();  // sum_l v_{l,i} (a_{l,r} - p_{l,i})
  const RealMatrix weighted = m * signs.cwiseProduct(at.s);
  const RealMatrix along = instance_.x * (instance_.x.transpose() * weighted) * (2.0 / m);  // 2/m <x_i, s_r>
  const Eigen::VectorXd means = along.cwiseProduct(at.s).rowwise().sum();
  Slopes slopes;
  slopes.by_q = along.cwiseProduct(signs);
  slopes.by_p = -m * (means.asDiagonal() * by_output).transpose();
  return by_weights(at, slopes);
}

ApproxNetwork approx_network(const Instance& instance, const RealMatrix& w) {
  return ApproxNetworks(instance).at(w);
}

}  // namespace assay

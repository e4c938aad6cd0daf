#include "plain.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <map>
#include <thread>
#include <vector>

namespace plain {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double least_eigenvalue(const MatrixXd& a) {
  return Eigen::SelfAdjointEigenSolver<MatrixXd>(a, Eigen::EigenvaluesOnly).eigenvalues()(0);
}

struct Class {
  std::uint64_t mask = 0;
  std::vector<Index> pairs;
};

std::vector<Class> classes_of(const Network& network) {
  std::map<std::uint64_t, std::vector<Index>> found;
  const std::uint64_t all = (std::uint64_t{1} << network.d) - 1;
  for (Index pair = 0; pair < network.m / 2; ++pair) {
    std::uint64_t mask = 0;
    for (Index l = 0; l < network.d; ++l)
      if (network.a[2 * pair * network.d + l] < 0) mask |= std::uint64_t{1} << l;
    found[std::min(mask, mask ^ all)].push_back(pair);
  }
  std::vector<Class> classes;
  for (auto& [mask, pairs] : found) classes.push_back({mask, std::move(pairs)});
  return classes;
}

}  // namespace

double structured(const Network& network, int threads) {
  const Index n = network.n, d = network.d;
  const Eigen::Map<const RowMajor> x(network.x, n, network.d_in), w(network.w, network.m, network.d_in);
  const std::vector<Class> classes = classes_of(network);
  const Index count = static_cast<Index>(classes.size());
  MatrixXd grams(n * n, count), sums(n, count);
  const auto work = [&](int thread) {
    MatrixXd weights, e, gram(n, n);
    for (Index c = thread; c < count; c += threads) {
      const std::vector<Index>& pairs = classes[static_cast<std::size_t>(c)].pairs;
      weights.resize(network.d_in, static_cast<Index>(pairs.size()));
      for (Index k = 0; k < weights.cols(); ++k) weights.col(k) = w.row(2 * pairs[static_cast<std::size_t>(k)]);
      e.noalias() = x * weights;
      e = e.array().exp();
      gram.setZero();
      gram.selfadjointView<Eigen::Lower>().rankUpdate(e);
      Eigen::Map<MatrixXd>(grams.col(c).data(), n, n) = gram.selfadjointView<Eigen::Lower>();
      sums.col(c) = e.rowwise().sum();
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int thread = 1; thread < threads; ++thread) workers.emplace_back(work, thread);
    work(0);
  }
  // Every neuron of a pair has its weight; p = 0.
  const VectorXd total = 2 * sums.rowwise().sum();
  MatrixXd signs(count, d * d);
  for (Index c = 0; c < count; ++c)
    for (Index l = 0; l < d; ++l)
      for (Index k = 0; k < d; ++k) {
        const std::uint64_t mask = classes[static_cast<std::size_t>(c)].mask;
        signs(c, l * d + k) = ((mask >> l ^ mask >> k) & 1) ? -1 : 1;
      }
  const MatrixXd sum_of_products = grams * signs;
  const MatrixXd factor =
      (2.0 * static_cast<double>(network.m) * (x * x.transpose())).array() / (total * total.transpose()).array();
  MatrixXd h(n * d, n * d);
  for (Index l = 0; l < d; ++l)
    for (Index k = 0; k < d; ++k)
      h.block(l * n, k * n, n, n) =
          factor.cwiseProduct(Eigen::Map<const MatrixXd>(sum_of_products.col(l * d + k).data(), n, n));
  return least_eigenvalue(h);
}

double dense(const Network& network) {
  const Index n = network.n, d = network.d, m = network.m;
  const Eigen::Map<const RowMajor> x(network.x, n, network.d_in), w(network.w, m, network.d_in);
  using Signs = Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const MatrixXd a = Eigen::Map<const Signs>(network.a, m, d).cast<double>();
  RowMajor s = x * w.transpose();
  s.colwise() -= s.rowwise().maxCoeff().eval();
  s = s.array().exp();
  s.array().colwise() /= s.rowwise().sum().array().eval();
  const MatrixXd p = s * a;  // n x d
  RowMajor g(n * d, m);
  for (Index l = 0; l < d; ++l)
    for (Index i = 0; i < n; ++i)
      g.row(l * n + i) = (a.col(l).transpose().array() - p(i, l)) * s.row(i).array() * static_cast<double>(m);
  MatrixXd h = MatrixXd::Zero(n * d, n * d);
  h.selfadjointView<Eigen::Lower>().rankUpdate(g, 1.0 / static_cast<double>(m));
  h.triangularView<Eigen::StrictlyUpper>() = h.transpose();
  const MatrixXd inputs = x * x.transpose();
  for (Index l = 0; l < d; ++l)
    for (Index k = 0; k < d; ++k) h.block(l * n, k * n, n, n).array() *= inputs.array();
  return least_eigenvalue(h);
}

double lambda_min(const double* a, long n) {
  return least_eigenvalue(Eigen::Map<const MatrixXd>(a, n, n));
}

void eigen_exp(const double* z, double* y, long count) {
  Eigen::Map<Eigen::ArrayXd>(y, count) = Eigen::Map<const Eigen::ArrayXd>(z, count).exp();
}

void libm_exp(const double* z, double* y, long count) {
  for (long k = 0; k < count; ++k) y[k] = std::exp(z[k]);
}

}  // namespace plain

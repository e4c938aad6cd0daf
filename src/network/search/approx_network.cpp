#include "network/search/approx_network.hpp"

namespace assay {

ApproxNetwork approx_network(const Instance& instance, const RealMatrix& w) {
  const Index n = instance.n(), d = instance.d(), m = w.rows();
  ApproxNetwork at;
  const Eigen::MatrixXd a = instance.a.cast<double>();
  at.s = instance.x * w.transpose();
  for (Index i = 0; i < n; ++i) {
    at.s.row(i) = (at.s.row(i).array() - at.s.row(i).maxCoeff()).exp();
    at.s.row(i) /= at.s.row(i).sum();
  }
  at.p = a.transpose() * at.s.transpose();
  at.g.resize(n * d, m);
  for (Index l = 0; l < d; ++l)
    for (Index i = 0; i < n; ++i)
      at.g.row(l * n + i) = (a.col(l).transpose().array() - at.p(l, i)) * at.s.row(i).array() * static_cast<double>(m);
  const Eigen::MatrixXd gram = (instance.x * instance.x.transpose()).replicate(d, d);
  at.h = (at.g * at.g.transpose()).cwiseProduct(gram) / static_cast<double>(m);
  return at;
}

}  // namespace assay

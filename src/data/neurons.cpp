#include "data/neurons.hpp"

#include <cstdlib>

#include <map>
#include <stdexcept>

namespace assay {

namespace {

void check_shapes(const RealMatrix& w, const SignMatrix& a) {
  if (w.rows() == 0 || w.rows() != a.rows())
    throw std::invalid_argument("arrange_neurons: expected as many rows in W as in A, and at least one");
}

Eigen::VectorXi signs_of(const SignMatrix& a, Index neuron) {
  return a.row(neuron).cast<int>();
}

void add_column(Neurons& neurons, Index first, Index count) {
  neurons.representative.push_back(first);
  neurons.multiplicity.push_back(count);
  for (Index r = first; r < first + count; ++r) neurons.column_of.push_back(neurons.columns() - 1);
}

void gather_classes(Neurons& neurons, const SignMatrix& a) {
  std::map<std::vector<std::int8_t>, std::size_t> known;
  for (Index c = 0; c < neurons.columns(); ++c) {
    const Index first = neurons.representative[static_cast<std::size_t>(c)];
    const Index count = neurons.multiplicity[static_cast<std::size_t>(c)];
    std::vector<std::vector<std::int8_t>> rows;
    for (Index r = first; r < first + count; ++r) rows.emplace_back(a.row(r).begin(), a.row(r).end());
    std::sort(rows.begin(), rows.end());  // (g, -g) and (-g, g) are one class
    std::vector<std::int8_t> key;
    for (const auto& row : rows) key.insert(key.end(), row.begin(), row.end());
    const auto [entry, is_new] = known.try_emplace(key, neurons.classes.size());
    if (is_new) {
      neurons.classes.emplace_back();
      for (Index r = first; r < first + count; ++r) neurons.classes.back().signs.push_back(signs_of(a, r));
    }
    neurons.classes[entry->second].columns.push_back(c);
  }
}

bool all_paired(const Neurons& neurons) {
  for (const auto& group : neurons.classes)
    if (group.signs.size() != 2 || group.signs[0] != -group.signs[1]) return false;
  return true;
}

Neurons arrange(const RealMatrix& w, const SignMatrix& a, bool share) {
  check_shapes(w, a);
  Neurons neurons;
  for (Index r = 0; r < w.rows();) {
    const bool twins = share && r % 2 == 0 && r + 1 < w.rows() && w.row(r) == w.row(r + 1);
    add_column(neurons, r, twins ? 2 : 1);
    r += twins ? 2 : 1;
  }
  gather_classes(neurons, a);
  neurons.paired = all_paired(neurons);
  return neurons;
}

}  // namespace

Neurons arrange_neurons(const RealMatrix& w, const SignMatrix& a) {
  return arrange(w, a, true);
}
Neurons separate_neurons(const RealMatrix& w, const SignMatrix& a) {
  return arrange(w, a, false);
}

long odd_sign_sums(const Neurons& neurons) {
  long total = 0;
  for (const Neurons::Class& group : neurons.classes) {
    const auto sum_of = [&](auto product) {
      long sum = 0;
      for (const Eigen::VectorXi& signs : group.signs) sum += product(signs);
      return std::abs(sum);
    };
    const Index d = group.signs.front().size();
    long of_column = 0;
    for (Index l = 0; l < d; ++l) {
      of_column += sum_of([&](const auto& a) { return a(l); });
      for (Index k = l; k < d; ++k)
        for (Index o = k; o < d; ++o) of_column += sum_of([&](const auto& a) { return a(l) * a(k) * a(o); });
    }
    total += of_column * static_cast<long>(group.columns.size());
  }
  return total;
}

}  // namespace assay

#pragma once

#include <cstdint>
#include <vector>

#include "data/neurons.hpp"

namespace assay {

/// What the split of one step needs of a network at one W; T is Ball or Interval.
template <class T>
struct NetworkAt {
  struct Class {
    std::uint64_t mask = 0;  ///< bit l is set where a_l = -1
    std::vector<T> gram;     ///< n x n: sum of q_{i,r} q_{j,r} over the neurons with these signs
  };
  std::vector<Class> classes;
  std::vector<T> p, e;   ///< (l, i) -> l n + i: p_{l,i} and F_{l,i} - y_{l,i}
  std::vector<T> alpha;  ///< n: sum_r exp(z_{i,r}), all of them times one number that does not change from step to step
};

/// The split of |e'|^2 - |e|^2 = C_0 + C_1 + C_2 + C_3, e = F - Y before and e' after one step of gradient descent
/// (statement of theorems/time_horizon/card.md): C_k = 2 <e, v_k>, C_3 = |F' - F|^2, with
/// omega_{i,r} = -eta <grad_r, x_i>,
///
///   v_0 = F' (1 - alpha' / alpha),   v_1 = sum_r a_{l,r} q_{i,r} omega_{i,r},   v_2 = F' - F - v_0 - v_1.
///
/// The clean split keeps the whole first order, -eta m H e, in v_1 = sum_r (a_{l,r} - p_{l,i}) q_{i,r} omega_{i,r}, so
/// v_0 = 0 and v_2 = F' - F + eta m H e.
template <class T>
struct [[nodiscard]] FourTerms {
  T c0, c1, c2, c3;
  T clean_c1, clean_c2;
  T squared_linear;     ///< |e - eta m H e|^2
  T squared_remainder;  ///< |F' - F + eta m H e|^2
  T squared_residual;   ///< |e|^2
};

namespace detail {

template <class T>
T inner_product(const std::vector<T>& a, const std::vector<T>& b) {
  T sum = a[0] * b[0];
  for (std::size_t k = 1; k < a.size(); ++k) sum = sum + a[k] * b[k];
  return sum;
}

/// sum_j <x_i, x_j> gram_{i,j} c_j for every i, c_j = sum_l e_{l,j} (g_l - p_{l,j}): -1/eta times the sum of
/// q_{i,r} omega_{i,r} over the neurons of the class.
template <class T>
std::vector<T> class_slopes(const NetworkAt<T>& at, const typename NetworkAt<T>::Class& group,
                            const std::vector<T>& input_gram, std::size_t n, std::size_t d) {
  std::vector<T> c(n), slopes(n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t l = 0; l < d; ++l) {
      const T &e = at.e[l * n + j], shrunk = e * at.p[l * n + j];
      const T term = (group.mask >> l & 1) != 0 ? -e - shrunk : e - shrunk;
      c[j] = l == 0 ? term : c[j] + term;
    }
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      const T term = input_gram[i * n + j] * group.gram[i * n + j] * c[j];
      slopes[i] = j == 0 ? term : slopes[i] + term;
    }
  return slopes;
}

}  // namespace detail

/// @param outputs     F' after the step, as e is arranged.
/// @param input_gram  <x_i, x_j>, n x n.
/// @cost  (classes) n (n + 2 d) operations.
template <class T>
FourTerms<T> four_terms(const NetworkAt<T>& at, const NetworkAt<T>& next, const std::vector<T>& outputs,
                        const std::vector<T>& input_gram, const T& eta) {
  const std::size_t n = at.alpha.size(), d = at.e.size() / n;
  std::vector<T> first(n * d), total(n);  // -1/eta of v_1 and of sum_r q omega
  bool is_first = true;
  for (const auto& group : at.classes) {
    const std::vector<T> slopes = detail::class_slopes(at, group, input_gram, n, d);
    for (std::size_t i = 0; i < n; ++i) {
      total[i] = is_first ? slopes[i] : total[i] + slopes[i];
      for (std::size_t l = 0; l < d; ++l) {
        const T term = (group.mask >> l & 1) != 0 ? -slopes[i] : slopes[i];
        first[l * n + i] = is_first ? term : first[l * n + i] + term;
      }
    }
    is_first = false;
  }
  std::vector<T> v0(n * d), v1(n * d), v2(n * d), clean_v1(n * d), clean_v2(n * d), change(n * d), linear(n * d);
  for (std::size_t i = 0; i < n; ++i) {
    const T shrinking = (at.alpha[i] - next.alpha[i]) / at.alpha[i];
    for (std::size_t l = 0; l < d; ++l) {
      const std::size_t k = l * n + i;
      change[k] = next.e[k] - at.e[k];
      v0[k] = outputs[k] * shrinking;
      v1[k] = -(eta * first[k]);
      clean_v1[k] = -(eta * (first[k] - at.p[k] * total[i]));
      v2[k] = change[k] - v0[k] - v1[k];
      clean_v2[k] = change[k] - clean_v1[k];
      linear[k] = at.e[k] + clean_v1[k];
    }
  }
  const auto twice = [](const T& value) { return value + value; };
  using detail::inner_product;
  FourTerms<T> terms;
  terms.c0 = twice(inner_product(at.e, v0));
  terms.c1 = twice(inner_product(at.e, v1));
  terms.c2 = twice(inner_product(at.e, v2));
  terms.c3 = inner_product(change, change);
  terms.clean_c1 = twice(inner_product(at.e, clean_v1));
  terms.clean_c2 = twice(inner_product(at.e, clean_v2));
  terms.squared_linear = inner_product(linear, linear);
  terms.squared_remainder = inner_product(clean_v2, clean_v2);
  terms.squared_residual = inner_product(at.e, at.e);
  return terms;
}

}  // namespace assay

#include "arb.hpp"

#include <arb_mat.h>

namespace arb {

struct Matrix::Balls {
  arb_mat_t a;
};

namespace {

/// The matrix, one more of its shape, freed with the object.
struct Owned {
  Owned(slong rows, slong cols) { arb_mat_init(m, rows, cols); }
  ~Owned() { arb_mat_clear(m); }
  arb_mat_t m;
};

bool positive_definite_above(const arb_mat_t a, double shift, slong bits, Factorisation factorisation) {
  const slong n = arb_mat_nrows(a);
  Owned shifted(n, n), factor(n, n);
  arb_t s;
  arb_init(s);
  arb_set_d(s, shift);
  arb_mat_set(shifted.m, a);
  for (slong i = 0; i < n; ++i) arb_sub(arb_mat_entry(shifted.m, i, i), arb_mat_entry(shifted.m, i, i), s, bits);
  arb_clear(s);
  return (factorisation == Factorisation::cholesky ? arb_mat_cho(factor.m, shifted.m, bits)
                                                   : arb_mat_ldl(factor.m, shifted.m, bits)) != 0;
}

}  // namespace

std::string version() {
  return arb_version;
}

Matrix::Matrix(const assay::IntervalMatrix& a, assay::Bits bits) : balls_(std::make_unique<Balls>()) {
  arb_mat_init(balls_->a, a.rows(), a.cols());
  // The lower triangle decides, so that the two halves are the same balls.
  for (slong i = 0; i < a.rows(); ++i)
    for (slong j = 0; j < a.cols(); ++j) {
      mpfi_srcptr entry = (i < j ? a(j, i) : a(i, j)).mpfi();
      arb_set_interval_mpfr(arb_mat_entry(balls_->a, i, j), &entry->left, &entry->right, bits);
    }
}

Matrix::~Matrix() {
  arb_mat_clear(balls_->a);
}

bool Matrix::certifies(double shift, assay::Bits bits, Factorisation factorisation) const {
  return positive_definite_above(balls_->a, shift, bits, factorisation);
}

bool certifies_kernel(const assay::Instance& instance, double shift, assay::Bits bits) {
  const slong n = instance.n(), d = instance.d(), m = instance.m(), d_in = instance.d_in();
  Owned x(n, d_in), w(d_in, m), a(m, d), s(n, m), p(n, d), g(n * d, m), g_transposed(m, n * d), h(n * d, n * d);
  Owned x_transposed(d_in, n), inputs(n, n);
  for (slong i = 0; i < n; ++i)
    for (slong k = 0; k < d_in; ++k) {
      arb_set_d(arb_mat_entry(x.m, i, k), instance.x(i, k));
      arb_set_d(arb_mat_entry(x_transposed.m, k, i), instance.x(i, k));
    }
  for (slong r = 0; r < m; ++r) {
    for (slong k = 0; k < d_in; ++k) arb_set_d(arb_mat_entry(w.m, k, r), instance.w(r, k));
    for (slong l = 0; l < d; ++l) arb_set_si(arb_mat_entry(a.m, r, l), instance.a(r, l));
  }
  arb_t sum;
  arb_init(sum);
  arb_mat_mul(s.m, x.m, w.m, bits);
  for (slong i = 0; i < n; ++i) {
    arb_zero(sum);
    for (slong r = 0; r < m; ++r) {
      arb_exp(arb_mat_entry(s.m, i, r), arb_mat_entry(s.m, i, r), bits);
      arb_add(sum, sum, arb_mat_entry(s.m, i, r), bits);
    }
    for (slong r = 0; r < m; ++r) arb_div(arb_mat_entry(s.m, i, r), arb_mat_entry(s.m, i, r), sum, bits);
  }
  arb_mat_mul(p.m, s.m, a.m, bits);
  for (slong l = 0; l < d; ++l)
    for (slong i = 0; i < n; ++i)
      for (slong r = 0; r < m; ++r) {
        arb_ptr entry = arb_mat_entry(g.m, l * n + i, r);
        arb_sub(entry, arb_mat_entry(a.m, r, l), arb_mat_entry(p.m, i, l), bits);
        arb_mul(entry, entry, arb_mat_entry(s.m, i, r), bits);
        arb_mul_si(entry, entry, m, bits);
      }
  arb_clear(sum);
  arb_mat_transpose(g_transposed.m, g.m);
  arb_mat_mul(h.m, g.m, g_transposed.m, bits);
  arb_mat_mul(inputs.m, x.m, x_transposed.m, bits);
  for (slong i = 0; i < n * d; ++i)
    for (slong j = 0; j <= i; ++j) {
      arb_ptr entry = arb_mat_entry(h.m, i, j);
      arb_mul(entry, entry, arb_mat_entry(inputs.m, i % n, j % n), bits);
      arb_div_si(entry, entry, m, bits);
      arb_set(arb_mat_entry(h.m, j, i), entry);
    }
  return positive_definite_above(h.m, shift, bits, Factorisation::cholesky);
}

void exp(const double* z, double* y, std::size_t count) {
  arb_t x;
  arb_init(x);
  for (std::size_t k = 0; k < count; ++k) {
    arb_set_d(x, z[k]);
    arb_exp(x, x, 53);
    y[k] = arf_get_d(arb_midref(x), ARF_RND_NEAR);
  }
  arb_clear(x);
}

}  // namespace arb

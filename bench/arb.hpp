#pragma once

#include <memory>
#include <string>

#include "data/instance.hpp"
#include "enclosure/matrix.hpp"

// The same questions to Arb.

namespace arb {

std::string version();

enum class Factorisation { cholesky, ldl };

/// A symmetric matrix of balls.
class Matrix {
 public:
  Matrix(const assay::IntervalMatrix& a, assay::Bits bits);
  ~Matrix();
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  /// The factorisation of A - shift I in ball arithmetic runs through: lambda_min > shift.
  bool certifies(double shift, assay::Bits bits, Factorisation factorisation) const;

 private:
  struct Balls;
  std::unique_ptr<Balls> balls_;
};

/// The kernel from its definition (G of n d rows and m columns, in balls), and lambda_min > shift by Cholesky.
bool certifies_kernel(const assay::Instance& instance, double shift, assay::Bits bits);

void exp(const double* z, double* y, std::size_t count);

}  // namespace arb

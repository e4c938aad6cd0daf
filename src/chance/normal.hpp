#pragma once

#include <cstdint>

namespace assay {

/// The point (k + 1/2) 2^-52 of (0,1), k the upper 52 of the given bits; exact. uniform_open(~bits) = 1 -
/// uniform_open(bits).
double uniform_open(std::uint64_t bits);

/// An approximation of Phi^-1(uniform_open(bits)), Phi the standard normal distribution function.
///
/// Guaranteed: the same double on every machine with IEEE arithmetic (only + - * / and sqrt in a fixed order, no libm,
/// no contraction); never 0, magnitude between 2^-52 and 8.3; standard_normal(~bits) == -standard_normal(bits). Not
/// proved, but tested: a relative error below 2^-50. What is drawn is thus a point of a grid of 2^52 equally likely
/// values and only nearly Gaussian: no proof about an instance needs more than the exact value that came out.
/// @cost    one division in the centre (85 of 100 draws), else three divisions and a square root; 10 to 30 ns.
/// @source  Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484.
double standard_normal(std::uint64_t bits);

/// log x by + - * / alone: log x = e log 2 + 2 artanh((f-1)/(f+1)), x = 2^e f, f in [sqrt(1/2), sqrt 2).
///
/// The same double on every machine; error tested below 2 ulp. @param x  finite, normal, positive.
double plain_log(double x);

}  // namespace assay

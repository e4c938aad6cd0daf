#pragma once

#include "network/fast/network.hpp"

// A yardstick for the table of widths, with its test in tests/network/own_radii.cpp: no theorem asks for it.

namespace assay::fast {

/// Radii of the columns first, first + 1, ...: as many as there is room for. Safe to call from several threads.
using ColumnRadii = std::function<void(Index first, std::span<double> radii)>;

/// What change_over_ball bounds, for a ball with a radius of its own for every column (a pair moves apart,
/// each neuron by that much), by two more passes over the neurons: the first for U_i, V_i and the ranges of p, the
/// second for the Gram matrices of KernelChange.
///
///   q~ <= q chi,  |q~ - q| <= kappa q,  chi = e^{rho} T_i / V_i,  kappa = max(chi - 1, 1 - e^{-rho} T_i / U_i),
///   rho = R_c |x_i|, T_i = sum e, U_i = sum e e^{rho}, V_i = sum e e^{-rho}
///
/// @return nothing if some R_c |x_i| is negative or above 8, or the sums cannot be bounded in double.
std::optional<KernelChange> change_over_ball(const NetworkSums& sums, const RealMatrix& x, const NeuronStream& neurons,
                                             const ColumnRadii& radii, const StreamOptions& options);

}  // namespace assay::fast

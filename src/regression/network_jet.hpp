#pragma once

#include "enclosure/jet.hpp"
#include "enclosure/matrix.hpp"
#include "regression/softmax_descent.hpp"

namespace assay {

/// m tanh(max_r |w_{2r} - w_{2r+1}| / 2): an upper bound of |F_l| on the unit ball for pairs of opposite signs.
///
/// Proof: |e^a - e^b| <= tanh(|a - b| / 2) (e^a + e^b), summed over the pairs.
/// @throws std::invalid_argument unless the network has 3 inputs and is made of such pairs.
Interval bound_of_pairs(const Weights& network, Index output, Bits bits);

/// Output l of a network of pairs at the embedding of (t, x), x on the line, as an expansion in (t, x).
///
///   u = (1 - 2^-20) (2 y, 1 - |y|^2) / (1 + |y|^2),  y = (t / t1, x) / 2
///   F_l = m sum_pairs a e^{<w', u>} (e^{<w - w', u>} - 1) / sum_r e^{<w_r, u>},   w and w' the neurons of a pair
///
/// so that what training changed little is enclosed as little. `embedded` rounds the same u to doubles.
/// @throws std::invalid_argument as bound_of_pairs, and unless t1 is certainly > 0.
/// @cost  m exponentials of expansions.
Jet network_jet(const Weights& network, Index output, const Interval& t1, const Jet& t, const Jet& x);

}  // namespace assay

#pragma once

#include "diffusion/law.hpp"
#include "enclosure/jet.hpp"

namespace assay {

/// alpha(t) and h(t) as expansions. @throws std::invalid_argument unless t's value is a time of the process.
struct ProcessExpansion {
  Jet alpha, h;
};
ProcessExpansion expand(const Process& process, const Jet& t);

/// p_t(x) and f_*(t, x) of a law on the line as expansions; the same functions as NoisedLaw's.
struct LawExpansion {
  Jet density, posterior_mean;
};
/// @throws std::invalid_argument unless the law has dimension 1 and t is certainly > 0.
/// @cost  3 K exponentials of expansions.
LawExpansion expand(const DataLaw& law, const Process& process, const Jet& t, const Jet& x);

}  // namespace assay

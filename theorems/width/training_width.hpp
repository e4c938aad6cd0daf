#pragma once

#include "descent/certificate.hpp"
#include "models/infinite_width.hpp"
#include "theory/sufficient_width.hpp"

// Widths at which the network of a setting trains: proved before it is drawn, proved once it is drawn, and seen.

namespace assay {

/// The closed forms of E0 to E4 with lambda = lambda_min(K_inf), which no drawn network enters.
ClosedForms limit_closed_forms(const Setting& setting, Level level);

/// Widths that are enough with probability 1 - delta, made once for each rung.
const SufficientWidth& sufficient_width(const Setting& setting, Level level);
/// sufficient_width().least(), made once for each rung; nothing where lambda_min(K_inf) is not certainly positive.
const std::optional<SufficientWidth::Found>& least_sufficient_width(const Setting& setting, Level level);

/// The certificate of convergence for the network drawn with this width and seed on the data of the setting, chosen step; in 64 bits.
ConvergenceCertificate certificate_at(const Setting& setting, Index m, std::uint64_t seed, Region region);

/// Powers of two are tried up to here.
inline constexpr Index kWidestCertificate = 1 << 18;
inline constexpr Index kWidestRun = 1 << 12;

/// Powers of two at which the network of the setting's seed is certified, the smallest of those that were tried: the
/// ball from where the tube was enough. (Nothing is said of the widths below.)
struct [[nodiscard]] WidthSearch {
  std::optional<Index> ball, tube;
};
const WidthSearch& certified_widths(const Setting& setting);

/// How many of hyper().trials networks of width m are certified; the others are outside of that event.
Frequency certified_frequency(const Setting& setting, Index m, Region region);

/// Smallest power of two at which plain gradient descent reached |F - Y|_F^2 <= epsilon; evidence.
std::optional<Index> approx_empirical_width(const Setting& setting);

/// What is proved of the smallest eigenvalue during training against width, for a picture.
std::vector<Chart> width_charts(const Setting& setting, Level level);

}  // namespace assay

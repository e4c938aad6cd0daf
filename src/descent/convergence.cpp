#include "descent/convergence.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "enclosure/stop.hpp"

namespace assay {

namespace {

/// A ball that is good enough is sought again when the residual is below so much of what it was.
constexpr double kFall = 2.0 / 3;
/// The first phase ends when so many steps have not brought the residual down by one in a hundred.
constexpr long kPatience = 2000;
/// The orbit keeps all weights in memory.
constexpr Index kLargestFollowed = Index{1} << 24;

/// What the certificate needs of the network at one center.
struct Center {
  std::optional<fast::NetworkSums> sums;
  std::optional<fast::JacobianMoments> moments;
  Interval residual = Interval::whole_line(64);

  Center(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, const ConvergenceRequest& request) {
    const StreamOptions options{
        request.threads, [&](double done) { request.progress(fmt::format("{:.0f} % of the neurons", 100 * done)); }};
    sums = fast::network_sums(x, neurons, options);
    if (!sums) return;
    residual = enclosure_of(fast::residual_norm(*sums, y));
    moments = fast::jacobian_moments(*sums, x, neurons, fast::RadiusShape::gradient, options);
  }
};

ConvergenceCertificate nothing(std::string why_not) {
  ConvergenceCertificate certificate;
  certificate.why_not = std::move(why_not);
  return certificate;
}

void attempt(ConvergenceProof& proof, const Center& center, const CertificateRequest& request) {
  proof.certificate = center.moments ? certify_convergence(*center.moments, request)
                                     : nothing("the network cannot be bounded in double");
}

/// The signs of a network that may be drawn.
SignMatrix signs_of(const NeuronStream& neurons) {
  SignMatrix a(neurons.m(), neurons.d());
  constexpr Index kBlock = 4096;
  std::vector<double> weights(static_cast<std::size_t>(neurons.d_in() * kBlock));
  for (Index first = 0; first < neurons.columns(); first += kBlock) {
    std::vector<std::uint64_t> masks(static_cast<std::size_t>(std::min(kBlock, neurons.columns() - first)));
    neurons.fill(first, weights.data(), kBlock, masks);
    for (std::size_t c = 0; c < masks.size(); ++c)
      for (Index l = 0; l < neurons.d(); ++l) {
        const Index column = first + static_cast<Index>(c);
        const std::int8_t value = (masks[c] >> l & 1) != 0 ? -1 : 1;
        if (neurons.paired()) {
          a(2 * column, l) = value;
          a(2 * column + 1, l) = static_cast<std::int8_t>(-value);
        } else {
          a(column, l) = value;
        }
      }
  }
  return a;
}

/// A step that is small enough for the start with some room.
double approx_largest_step(const fast::JacobianMoments& moments) {
  return short_double_below(0.8 / (static_cast<double>(moments.m) * moments.lambda_max.upper()));
}

/// Follows the orbit until a ball around a point of it proves the rest.
class TwoPhases {
 public:
  TwoPhases(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, const ConvergenceRequest& request,
            double eta, ConvergenceProof& proof)
      : x_(x),
        y_(y),
        request_(request),
        signs_(signs_of(neurons)),
        orbit_(x, y, neurons, eta, request.threads),
        proof_(proof) {}

  void run() {
    double tried_at = orbit_.curve().empty() ? 0 : orbit_.curve().back().residual_norm.upper();
    std::string stopped;
    while (!proof_.certified() && stopped.empty()) {
      leave_if_stopped();
      stopped = why_stop();
      const bool moved = stopped.empty() && orbit_.step();
      if (stopped.empty() && !moved) stopped = orbit_.reason();
      const double residual = orbit_.curve().empty() ? 0 : orbit_.curve().back().residual_norm.upper();
      if (moved && !(residual <= kFall * tried_at)) continue;
      if (orbit_.tau() <= tried_step_) break;
      tried_at = residual;
      try_ball();
    }
    proof_.curve = orbit_.curve();
    if (!proof_.certified() && !stopped.empty()) proof_.certificate.why_not += "; followed no further: " + stopped;
  }

 private:
  std::string why_stop() const {
    const long tau = orbit_.tau();
    if (tau >= request_.most_steps) return fmt::format("the limit of {} steps", request_.most_steps);
    if (tau > kPatience) {
      const auto& curve = orbit_.curve();
      const double before = curve[static_cast<std::size_t>(tau - kPatience)].residual_norm.middle;
      if (!(curve.back().residual_norm.middle < 0.99 * before)) return "the residual hardly falls any more";
    }
    return "";
  }

  void try_ball() {
    tried_step_ = orbit_.tau();
    request_.progress(
        fmt::format("step {}, residual {:.3g}", orbit_.tau(), orbit_.curve().back().residual_norm.middle));
    const RealMatrix weights = orbit_.weights();
    const StoredNeurons neurons(weights, signs_);
    const Center center(x_, y_, neurons, request_);
    CertificateRequest wanted;
    wanted.e0 = enclosure_of(orbit_.curve().back().residual_norm);
    wanted.eta = Interval(orbit_.eta(), 64);
    wanted.drift = orbit_.upper_distance();
    attempt(proof_, center, wanted);
    proof_.followed = orbit_.tau();
    if (!proof_.certified()) return;
    // The start is at most so far from the center of the ball.
    const double back = inflated(orbit_.curve().back().upper_largest_move + 2 * wanted.drift);
    proof_.largest_move = inflated(back + proof_.certificate.radius_max.bound().upper_double());
    for (const OrbitStep& step : orbit_.curve())
      proof_.largest_move = std::max(proof_.largest_move, step.upper_largest_move);
  }

  const RealMatrix &x_, &y_;
  const ConvergenceRequest& request_;
  SignMatrix signs_;
  Orbit orbit_;
  ConvergenceProof& proof_;
  long tried_step_ = 0;
};

}  // namespace

std::string_view name_of(Method method) {
  constexpr std::array<std::string_view, 3> names{"ball", "tube", "two_phase"};
  return names.at(static_cast<std::size_t>(method));
}

ConvergenceProof prove_convergence(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons,
                                   const ConvergenceRequest& request) {
  ConvergenceProof proof;
  proof.method = request.method;
  const Center center(x, y, neurons, request);
  proof.start = center.residual;
  CertificateRequest wanted;
  wanted.e0 = center.residual;
  wanted.region = request.method == Method::ball ? Region::ball : Region::tube;
  if (request.eta) wanted.eta = Interval(*request.eta, 64);
  attempt(proof, center, wanted);
  if (center.moments) {
    proof.lambda_min = center.moments->lambda_min;
    proof.lambda_max = center.moments->lambda_max;
  }
  if (proof.certified()) proof.largest_move = proof.certificate.radius_max.bound().upper_double();
  if (proof.certified() || request.method != Method::two_phase || !center.moments) return proof;
  if (neurons.m() > kLargestFollowed) {
    proof.certificate.why_not += "; a network of this width is not followed step by step";
    return proof;
  }
  TwoPhases(x, y, neurons, request, request.eta.value_or(approx_largest_step(*center.moments)), proof).run();
  return proof;
}

AtMost certified_horizon(const ConvergenceProof& proof, const Interval& epsilon) {
  if (!proof.certified()) return AtMost::unknown();
  // Before the second phase the residual need not fall, so the steps are looked at backwards.
  std::optional<long> first;
  for (auto step = proof.curve.rbegin(); step != proof.curve.rend(); ++step) {
    if (step->tau > proof.followed) continue;
    if (!certainly_less_equal(sqr(enclosure_of(step->residual_norm)), epsilon)) break;
    first = step->tau;
  }
  if (first) return AtMost(Interval::from_integer(*first, 64));
  return certified_horizon(proof.certificate, epsilon) + Interval::from_integer(proof.followed, 64);
}

}  // namespace assay

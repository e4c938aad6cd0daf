#include "setting/setting.hpp"

#include <stdexcept>

#include "chance/gaussian_event.hpp"
#include "enclosure/eigenvalue.hpp"
#include "network/csv.hpp"

namespace assay {

namespace {

/// The value in `slot`, made first if there is none.
template <class T, class Make>
const T& remembered(std::optional<T>& slot, Make make) {
  if (!slot) slot = make();
  return *slot;
}

constexpr double kEigenvalueWidth = 1e-17;

}  // namespace

Setting::Setting(Instance instance, Hyperparameters hyper, Constants constants, int threads)
    : instance_(std::move(instance)), hyper_(std::move(hyper)), constants_(std::move(constants)), threads_(threads) {
  constexpr Bits kBits = 256;
  const Interval delta_value = hyper_.delta.at(kBits), one = Interval(1, kBits);
  if (!certainly_positive(delta_value) || !certainly_less(delta_value, one))
    throw std::invalid_argument("--delta: expected a probability in (0, 1), found " + hyper_.delta.text());
  if (!certainly_positive(hyper_.epsilon.at(kBits)))
    throw std::invalid_argument("--epsilon: expected a positive number, found " + hyper_.epsilon.text());
  if (!certainly_nonnegative(hyper_.radius.at(kBits)))
    throw std::invalid_argument("--radius: expected R >= 0, found " + hyper_.radius.text());
}

void Setting::use_w_tilde(RealMatrix w_tilde, std::string file) {
  bad_weights_ = std::move(w_tilde);
  bad_weights_file_ = std::move(file);
}

const IntervalMatrix& Setting::gram(Bits bits) const {
  return remembered(at(bits).gram, [&] { return input_gram(instance_.x, bits); });
}

const Forward& Setting::forward(Bits bits) const {
  return remembered(at(bits).forward,
                    [&] { return forward_pass(instance_.x, instance_.w, instance_.a, bits, threads_); });
}

const IntervalMatrix& Setting::kernel(Bits bits) const {
  return remembered(at(bits).kernel, [&] { return assay::kernel(forward(bits), gram(bits), threads_); });
}

const RealMatrix& Setting::bad_weights() const {
  return remembered(bad_weights_, [&] {
    constexpr Bits kBits = 128;
    return approx_worst_weights(instance_, radius(kBits), AdversaryOptions{});
  });
}

std::optional<std::string> Setting::bad_weights_file() const {
  if (!bad_weights_file_ && !counterexamples_.empty()) {
    bad_weights_file_ = counterexamples_ + "_w_tilde.csv";
    write_csv(*bad_weights_file_, bad_weights());
  }
  return bad_weights_file_;
}

const Forward& Setting::bad_forward(Bits bits) const {
  return remembered(at(bits).bad_forward,
                    [&] { return forward_pass(instance_.x, bad_weights(), instance_.a, bits, threads_); });
}

const IntervalMatrix& Setting::bad_kernel(Bits bits) const {
  return remembered(at(bits).bad_kernel, [&] { return assay::kernel(bad_forward(bits), gram(bits), threads_); });
}

const BallRanges& Setting::ball(Bits bits) const {
  return remembered(at(bits).ball, [&] { return ball_ranges(forward(bits), instance_.x, radius(bits), threads_); });
}

const KernelPerturbation& Setting::perturbation(Bits bits) const {
  return remembered(at(bits).perturbation,
                    [&] { return kernel_perturbation(forward(bits), ball(bits), gram(bits), threads_); });
}

Interval Setting::sigma(Bits bits) const {
  if (!instance_.sigma) throw std::logic_error("Setting::sigma: the scale of the initialization is not known");
  return Interval(*instance_.sigma, std::max<Bits>(bits, 53));
}

Interval Setting::lambda_min(Bits bits) const {
  return remembered(at(bits).lambda_min, [&] {
    if (certain_degeneracy(instance_.x, instance_.m(), instance_.d())) return Interval::from_integer(0, bits);
    // H = J J' / m is positive semidefinite.
    return nonnegative_part(enclose_lambda_min(kernel(bits), kEigenvalueWidth, bits));
  });
}

Interval Setting::lambda_max(Bits bits) const {
  return remembered(at(bits).lambda_max, [&] { return enclose_lambda_max(kernel(bits), kEigenvalueWidth, bits); });
}

Interval Setting::event_failure_of_pair(const Interval& bound, Bits bits) const {
  return probability_some_row_exceeds(instance_.x, sigma(bits), bound, bits);
}

Interval Setting::event_failure(const Interval& bound, const Interval& pairs, Bits bits) const {
  return probability_in_some_trial(event_failure_of_pair(bound, bits), pairs);
}

BoundInputs Setting::bound_inputs(Bits bits, bool with_lambda) const {
  const Interval one = Interval(1, bits);
  const Interval n = one * instance_.n();
  // F(0) = 0 at paired initialization and |y_i| <= 1, so |F(0) - Y|_F <= sqrt n.
  return {n,
          one * instance_.d(),
          sigma(bits),
          delta(bits),
          hyper_.epsilon.at(bits),
          with_lambda ? lambda_min(bits) : one,
          radius(bits),
          sqrt(n)};
}

}  // namespace assay

#include "setting/setting.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "chance/gaussian_event.hpp"
#include "data/csv.hpp"
#include "data/input_error.hpp"
#include "network/search/adversary.hpp"
#include "setting/fast_tier.hpp"

namespace assay {

void require_in_order(const Constants& constants) {
  constexpr Bits kBits = 256;
  const Decimal &first = constants["e6.t0"].value, &last = constants["e6.T"].value;
  if (!certainly_positive(first.at(kBits)) || !certainly_less(first.at(kBits), last.at(kBits)))
    throw InputError("the constants e6.t0 and e6.T: expected 0 < e6.t0 < e6.T, found ", first.text(), " and ",
                     last.text());
}

Setting::Setting(Instance instance, Hyperparameters hyper, Constants constants, int threads)
    : instance_(std::move(instance)), hyper_(std::move(hyper)), constants_(std::move(constants)), threads_(threads) {
  require_in_range(hyper_);
  require_in_order(constants_);
}

void Setting::use_w_tilde(RealMatrix w_tilde, std::string file) {
  if (w_tilde.rows() != instance_.m() || w_tilde.cols() != instance_.d_in())
    throw std::invalid_argument(fmt::format("W~ is {} x {}, expected the shape of W, {} x {}", w_tilde.rows(),
                                            w_tilde.cols(), instance_.m(), instance_.d_in()));
  require_stored();
  user_w_tilde_ = std::move(w_tilde);
  user_w_tilde_file_ = std::move(file);
}

std::unique_ptr<NeuronStream> Setting::neurons() const {
  if (is_stored()) return std::make_unique<StoredNeurons>(instance_.w, instance_.a);
  return std::make_unique<DrawnNeurons>(instance_.m(), instance_.d_in(), instance_.d(), instance_.sigma.value(),
                                        instance_.seed.value());
}

void Setting::require_stored() const {
  if (!is_stored())
    throw InputError(
        field::m,
        fmt::format(" {}: a network of this width is not kept in memory, as the deep tier and the search for a bad "
                    "network need it: expected a smaller width, or a question that the fast tier decides",
                    instance_.m()));
}

namespace {

std::optional<Degeneracy> make_degeneracy(const Setting& setting) {
  const Instance& instance = setting.instance();
  return setting.is_stored() ? certain_degeneracy(instance.x, instance.w, instance.a)
                             : certain_degeneracy(instance.x, instance.m(), instance.d());
}

std::optional<Degeneracy> make_worst_degeneracy(const Setting& setting) {
  return certain_degeneracy(setting.instance().x, setting.worst_weights(), setting.instance().a);
}

RealMatrix make_worst_weights(const Setting& setting) {
  constexpr Bits kBits = 128;
  return approx_worst_weights(setting.instance(), setting.radius(kBits), AdversaryOptions{});
}

std::string write_worst_weights(const Setting& setting) {
  const std::string file = setting.counterexamples() + "_w_tilde.csv";
  write_csv(file, setting.worst_weights());
  return file;
}

}  // namespace

const std::optional<Degeneracy>& Setting::degeneracy() const {
  return once<&make_degeneracy>();
}

const std::optional<Degeneracy>& Setting::worst_degeneracy() const {
  return once<&make_worst_degeneracy>();
}

const RealMatrix& Setting::worst_weights() const {
  require_stored();
  return user_w_tilde_ ? *user_w_tilde_ : once<&make_worst_weights>();
}

std::optional<std::string> Setting::worst_weights_file() const {
  if (user_w_tilde_) return user_w_tilde_file_;
  if (counterexamples_.empty()) return std::nullopt;
  return once<&write_worst_weights>();
}

const fast::NetworkSums* Setting::fast_sums() const {
  return fast_tier::sums(*this);
}

Interval Setting::sigma(Bits bits) const {
  if (!instance_.sigma) throw std::logic_error("Setting::sigma: the scale of the initialization is not known");
  return Interval(*instance_.sigma, std::max<Bits>(bits, 53));
}

Interval Setting::event_failure_of_pair(const Interval& bound, Bits bits) const {
  return probability_some_row_exceeds(instance_.x, sigma(bits), bound, bits);
}

Interval Setting::event_failure(const Interval& bound, const Interval& pairs, Bits bits) const {
  return probability_in_some_trial(event_failure_of_pair(bound, bits), pairs);
}

BoundInputs Setting::bound_inputs(Level level, bool with_lambda) const {
  const Bits bits = level.bits;
  const Interval one = Interval(1, bits);
  const Interval n = one * instance_.n();
  // F(0) = 0 at paired initialization and |y_i| <= 1, so |F(0) - Y|_F <= sqrt n.
  return {n,
          one * instance_.d(),
          sigma(bits),
          delta(bits),
          hyper_.epsilon.at(bits),
          with_lambda ? lambda_min(level) : one,
          radius(bits),
          sqrt(n)};
}

}  // namespace assay

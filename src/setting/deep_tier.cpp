#include "setting/setting.hpp"

// What the deep tier computes, once for each precision.

namespace assay {

namespace {

IntervalMatrix make_gram(const Setting& setting, Level level) {
  return input_gram(setting.instance().x, level.bits);
}

Forward forward_at(const Setting& setting, const RealMatrix& w, Bits bits) {
  return forward_pass(setting.instance().x, w, setting.instance().a, bits, setting.threads());
}
Forward make_forward(const Setting& setting, Level level) {
  return forward_at(setting, setting.instance().w, level.bits);
}
Forward make_bad_forward(const Setting& setting, Level level) {
  return forward_at(setting, setting.bad_weights(), level.bits);
}

IntervalMatrix make_kernel(const Setting& setting, Level level) {
  return kernel(setting.forward(level.bits), setting.gram(level.bits), setting.threads());
}
IntervalMatrix make_bad_kernel(const Setting& setting, Level level) {
  return kernel(setting.bad_forward(level.bits), setting.gram(level.bits), setting.threads());
}

KernelPerturbation make_perturbation(const Setting& setting, Level level) {
  const Forward& at = setting.forward(level.bits);
  const BallRanges ranges = ball_ranges(at, setting.instance().x, setting.radius(level.bits), setting.threads());
  return kernel_perturbation(at, ranges, setting.gram(level.bits), setting.threads());
}

}  // namespace

const IntervalMatrix& Setting::gram(Bits bits) const {
  return once<&make_gram>(Level(bits));
}
const Forward& Setting::forward(Bits bits) const {
  require_stored();
  return once<&make_forward>(Level(bits));
}
const IntervalMatrix& Setting::kernel(Bits bits) const {
  return once<&make_kernel>(Level(bits));
}
const Forward& Setting::bad_forward(Bits bits) const {
  return once<&make_bad_forward>(Level(bits));
}
const IntervalMatrix& Setting::bad_kernel(Bits bits) const {
  return once<&make_bad_kernel>(Level(bits));
}
const KernelPerturbation& Setting::perturbation(Bits bits) const {
  return once<&make_perturbation>(Level(bits));
}

}  // namespace assay

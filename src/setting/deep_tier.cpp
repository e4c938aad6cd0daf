#include "network/ball.hpp"
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
Forward make_worst_forward(const Setting& setting, Level level) {
  return forward_at(setting, setting.worst_weights(), level.bits);
}

IntervalMatrix make_kernel(const Setting& setting, Level level) {
  return kernel(setting.forward(level.bits), setting.gram(level.bits), setting.threads());
}
IntervalMatrix make_worst_kernel(const Setting& setting, Level level) {
  return kernel(setting.worst_forward(level.bits), setting.gram(level.bits), setting.threads());
}

KernelChange make_kernel_change(const Setting& setting, Level level) {
  const Forward& at = setting.forward(level.bits);
  const BallRanges ranges = ball_ranges(at, setting.instance().x, setting.radius(level.bits), setting.threads());
  return kernel_change(at, ranges, setting.gram(level.bits), setting.threads());
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
const Forward& Setting::worst_forward(Bits bits) const {
  return once<&make_worst_forward>(Level(bits));
}
const IntervalMatrix& Setting::worst_kernel(Bits bits) const {
  return once<&make_worst_kernel>(Level(bits));
}
const KernelChange& Setting::kernel_change(Bits bits) const {
  return once<&make_kernel_change>(Level(bits));
}

}  // namespace assay

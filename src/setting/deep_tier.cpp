#include "enclosure/eigenvalue.hpp"
#include "setting/remembered.hpp"
#include "setting/setting.hpp"

// What the deep tier computes, once for each precision.

namespace assay {

const IntervalMatrix& Setting::gram(Bits bits) const {
  return remembered(at(bits).gram, [&] { return input_gram(instance_.x, bits); });
}

const Forward& Setting::forward(Bits bits) const {
  require_stored();
  return remembered(at(bits).forward,
                    [&] { return forward_pass(instance_.x, instance_.w, instance_.a, bits, threads_); });
}

const IntervalMatrix& Setting::kernel(Bits bits) const {
  return remembered(at(bits).kernel, [&] { return assay::kernel(forward(bits), gram(bits), threads_); });
}

const Forward& Setting::bad_forward(Bits bits) const {
  return remembered(at(bits).bad_forward,
                    [&] { return forward_pass(instance_.x, bad_weights(), instance_.a, bits, threads_); });
}

const IntervalMatrix& Setting::bad_kernel(Bits bits) const {
  return remembered(at(bits).bad_kernel, [&] { return assay::kernel(bad_forward(bits), gram(bits), threads_); });
}

const KernelPerturbation& Setting::perturbation(Bits bits) const {
  return remembered(at(bits).perturbation, [&] {
    const BallRanges ranges = ball_ranges(forward(bits), instance_.x, radius(bits), threads_);
    return kernel_perturbation(forward(bits), ranges, gram(bits), threads_);
  });
}

}  // namespace assay

#include "setting/remembered.hpp"
#include "setting/setting.hpp"

// What the fast tier computes. Null where double does not suffice.

namespace assay {

const fast::NetworkSums* Setting::fast_sums() const {
  const auto& sums = remembered(fast_.sums, [&] {
    const auto stream = neurons();
    return fast::network_sums(instance_.x, *stream, {threads_, progress_});
  });
  return sums ? &*sums : nullptr;
}

const fast::KernelBall* Setting::fast_kernel() const {
  const fast::NetworkSums* sums = fast_sums();
  if (sums == nullptr) return nullptr;
  return &remembered(fast_.kernel, [&] { return fast::kernel(*sums, instance_.x); });
}

const fast::NetworkSums* Setting::fast_bad_sums() const {
  const auto& sums = remembered(fast_.bad_sums, [&] {
    return fast::network_sums(instance_.x, StoredNeurons(bad_weights(), instance_.a), {threads_, progress_});
  });
  return sums ? &*sums : nullptr;
}

const fast::KernelBall* Setting::fast_bad_kernel() const {
  const fast::NetworkSums* sums = fast_bad_sums();
  if (sums == nullptr) return nullptr;
  return &remembered(fast_.bad_kernel, [&] { return fast::kernel(*sums, instance_.x); });
}

const fast::KernelBall* Setting::fast_bad_change() const {
  const fast::KernelBall *center = fast_kernel(), *moved = fast_bad_kernel();
  if (center == nullptr || moved == nullptr) return nullptr;
  return &remembered(fast_.bad_change, [&] { return *moved - *center; });
}

const fast::KernelChange* Setting::fast_change() const {
  const fast::NetworkSums* sums = fast_sums();
  if (sums == nullptr) return nullptr;
  return &remembered(fast_.change, [&] { return fast::change_over_ball(*sums, instance_.x, radius(64)); });
}

}  // namespace assay

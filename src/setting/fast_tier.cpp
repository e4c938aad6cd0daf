#include "setting/fast_tier.hpp"

namespace assay::fast_tier {

namespace {

template <class T>
const T* pointer_to(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

std::optional<fast::NetworkSums> make_sums(const Setting& setting) {
  return fast::network_sums(setting.instance().x, *setting.neurons(), setting.stream_options());
}

std::optional<fast::NetworkSums> make_worst_sums(const Setting& setting) {
  const Instance& instance = setting.instance();
  return fast::network_sums(instance.x, StoredNeurons(setting.worst_weights(), instance.a), setting.stream_options());
}

std::optional<fast::KernelBall> kernel_from(const Setting& setting, const fast::NetworkSums* sums) {
  if (sums == nullptr) return std::nullopt;
  return fast::kernel(*sums, setting.instance().x);
}
std::optional<fast::KernelBall> make_fast_kernel(const Setting& setting) {
  return kernel_from(setting, sums(setting));
}
std::optional<fast::KernelBall> make_fast_worst_kernel(const Setting& setting) {
  return kernel_from(setting, worst_sums(setting));
}

std::optional<fast::KernelBall> make_worst_change(const Setting& setting) {
  const fast::KernelBall *center = kernel(setting), *moved = worst_kernel(setting);
  if (center == nullptr || moved == nullptr) return std::nullopt;
  return *moved - *center;
}

std::optional<fast::KernelChange> make_change_over_ball(const Setting& setting) {
  const fast::NetworkSums* at = sums(setting);
  if (at == nullptr) return std::nullopt;
  return fast::change_over_ball(*at, setting.instance().x, setting.radius(64));
}

}  // namespace

const fast::NetworkSums* sums(const Setting& setting) {
  return pointer_to(setting.once<&make_sums>());
}
const fast::NetworkSums* worst_sums(const Setting& setting) {
  return pointer_to(setting.once<&make_worst_sums>());
}
const fast::KernelBall* kernel(const Setting& setting) {
  return pointer_to(setting.once<&make_fast_kernel>());
}
const fast::KernelBall* worst_kernel(const Setting& setting) {
  return pointer_to(setting.once<&make_fast_worst_kernel>());
}
const fast::KernelBall* worst_change(const Setting& setting) {
  return pointer_to(setting.once<&make_worst_change>());
}
const fast::KernelChange* change_over_ball(const Setting& setting) {
  return pointer_to(setting.once<&make_change_over_ball>());
}

}  // namespace assay::fast_tier

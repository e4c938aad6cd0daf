#include <cstring>
#include <optional>
#include <string_view>

#include "data/digest.hpp"
#include "data/file.hpp"
#include "data/input_error.hpp"
#include "descent/orbit.hpp"

// A saved orbit: a line of text, then the parts in the order of Orbit::save as they are in memory, then the digest of
// all that.

namespace assay {

namespace {

constexpr std::string_view kHeader = "assay orbit, format 2\n";

constexpr std::size_t kDigestSize = 64;

template <class T>
void put(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
void put(std::string& bytes, const std::vector<T>& values) {
  put(bytes, values.size());
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

void put(std::string& bytes, std::string_view text) {
  put(bytes, text.size());
  bytes.append(text);
}

/// Takes parts off the front; says whether they were all there.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  void get(T& value) {
    if (!(good_ = good_ && rest_.size() >= sizeof value)) return;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
  }
  template <class T>
  void get(std::vector<T>& values) {
    get_all(values);
  }
  void get(std::string& text) { get_all(text); }
  bool is_complete() const { return good_ && rest_.empty(); }

 private:
  template <class Container>
  void get_all(Container& values) {
    constexpr std::size_t kSize = sizeof(typename Container::value_type);
    std::size_t count = 0;
    get(count);
    if (!(good_ = good_ && count <= rest_.size() / kSize)) return;
    values.resize(count);
    if (count == 0) return;
    std::memcpy(static_cast<void*>(values.data()), rest_.data(), count * kSize);
    rest_.remove_prefix(count * kSize);
  }

  std::string_view rest_;
  bool good_ = true;
};

/// The parts between header and digest, or nothing.
std::optional<std::string_view> body_of(std::string_view bytes) {
  if (!bytes.starts_with(kHeader) || bytes.size() < kHeader.size() + kDigestSize) return std::nullopt;
  const std::string_view digest = bytes.substr(bytes.size() - kDigestSize);
  bytes.remove_suffix(kDigestSize);
  if (sha256(bytes) != digest) return std::nullopt;
  return bytes.substr(kHeader.size());
}

}  // namespace

std::string Orbit::identity() const {
  const SortedNeurons& neurons = pass_.neurons();
  Digest digest;
  digest.add(build_identity());
  digest.add(x_);
  digest.add(y_);
  digest.add(&eta_, sizeof eta_);
  digest.add(neurons.weights().data(), neurons.weights().size() * sizeof(double));
  for (const auto& group : neurons.classes()) digest.add(&group, sizeof group);
  for (Index c = 0; c < neurons.columns(); ++c) {
    const Index neuron = neurons.neuron_of(c);
    digest.add(&neuron, sizeof neuron);
  }
  return digest.text();
}

void Orbit::save(const std::string& path, std::string_view attachment) const {
  if (!reason_.empty()) return;
  std::string bytes(kHeader);
  put(bytes, std::string_view(identity_));
  put(bytes, bounds_);
  put(bytes, curve_);
  put(bytes, pass_.shifts());
  put(bytes, pass_.neurons().weights());
  put(bytes, attachment);
  bytes += sha256(bytes);
  write_file(path, bytes);
}

std::optional<std::string> Orbit::restore(const std::string& path) {
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const InputError&) {
    return std::nullopt;
  }
  const auto body = body_of(bytes);
  if (!body) return std::nullopt;
  Reader reader(*body);
  std::string identity, attachment;
  Bounds bounds;
  std::vector<OrbitStep> curve;
  std::vector<long> shifts;
  std::vector<double> weights;
  reader.get(identity);
  reader.get(bounds);
  reader.get(curve);
  reader.get(shifts);
  reader.get(weights);
  reader.get(attachment);
  if (!reader.is_complete() || identity != identity_ || weights.size() != pass_.neurons().weights().size() ||
      shifts.size() != static_cast<std::size_t>(x_.rows()) || curve.empty())
    return std::nullopt;
  OrbitPass::Attempt attempt(pass_);
  pass_.set_state(std::move(weights), std::move(shifts));
  if (!pass_.evaluate()) return std::nullopt;
  bounds_ = bounds;
  curve_ = std::move(curve);
  reason_.clear();
  attempt.keep();
  return attachment;
}

}  // namespace assay

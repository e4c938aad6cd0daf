#include <cstring>
#include <optional>
#include <string_view>

#include "descent/orbit.hpp"
#include "network/digest.hpp"
#include "network/file.hpp"
#include "network/input_error.hpp"

// A saved orbit: a line of text, then the parts in the order of Orbit::save as they are in memory, then a digest.

namespace assay {

namespace {

constexpr std::string_view kHeader = "assay orbit, format 1\n";

std::uint64_t digest_of(std::string_view bytes) {
  Digest digest;
  digest.add(bytes.data(), bytes.size());
  return digest.value();
}

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
    std::size_t count = 0;
    get(count);
    if (!(good_ = good_ && count <= rest_.size() / sizeof(T))) return;
    values.resize(count);
    std::memcpy(static_cast<void*>(values.data()), rest_.data(), count * sizeof(T));
    rest_.remove_prefix(count * sizeof(T));
  }
  bool is_complete() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

/// The parts between header and digest, or nothing.
std::optional<std::string_view> body_of(std::string_view bytes) {
  std::uint64_t digest = 0;
  if (!bytes.starts_with(kHeader) || bytes.size() < kHeader.size() + sizeof digest) return std::nullopt;
  std::memcpy(&digest, bytes.data() + bytes.size() - sizeof digest, sizeof digest);
  bytes.remove_suffix(sizeof digest);
  if (digest_of(bytes) != digest) return std::nullopt;
  return bytes.substr(kHeader.size());
}

}  // namespace

std::uint64_t Orbit::identity() const {
  const SortedNeurons& neurons = pass_.neurons();
  Digest digest;
  digest.add(x_);
  digest.add(y_);
  digest.add(&eta_, sizeof eta_);
  digest.add(neurons.weights().data(), neurons.weights().size() * sizeof(double));
  for (const auto& group : neurons.classes()) digest.add(&group, sizeof group);
  return digest.value();
}

void Orbit::save(const std::string& path) const {
  if (!reason_.empty()) return;
  std::string bytes(kHeader);
  put(bytes, identity_);
  put(bytes, distance_);
  put(bytes, reference_);
  put(bytes, drift_);
  put(bytes, largest_move_);
  put(bytes, curve_);
  put(bytes, pass_.shifts());
  put(bytes, pass_.neurons().weights());
  put(bytes, digest_of(bytes));
  write_file(path, bytes);
}

bool Orbit::restore(const std::string& path) {
  std::string bytes;
  try {
    bytes = read_file(path);
  } catch (const InputError&) {
    return false;
  }
  const auto body = body_of(bytes);
  if (!body) return false;
  Reader reader(*body);
  std::uint64_t identity = 0;
  double distance = 0, reference = 0, drift = 0;
  Ball largest_move;
  std::vector<OrbitStep> curve;
  std::vector<long> shifts;
  std::vector<double> weights;
  reader.get(identity);
  reader.get(distance);
  reader.get(reference);
  reader.get(drift);
  reader.get(largest_move);
  reader.get(curve);
  reader.get(shifts);
  reader.get(weights);
  if (!reader.is_complete() || identity != identity_ || weights.size() != pass_.neurons().weights().size() ||
      shifts.size() != static_cast<std::size_t>(x_.rows()) || curve.empty())
    return false;
  pass_.set_state(std::move(weights), std::move(shifts));
  distance_ = distance;
  reference_ = reference;
  drift_ = drift;
  largest_move_ = largest_move;
  curve_ = std::move(curve);
  reason_.clear();
  return evaluate();
}

}  // namespace assay

#include "network/fast/chunk.hpp"

#include "enclosure/fast/kernels.hpp"

namespace assay::fast {

Chunk::Chunk(const RealMatrix& x, const NeuronStream& neurons, Index capacity)
    : x_(x), neurons_(neurons), capacity_(size(capacity)) {
  raw_.resize(size(neurons.d_in()) * capacity_);
  weights_.resize(raw_.size());
  logits_.resize(capacity_);
  exponentials_.resize(size(x.rows()) * capacity_);
}

void Chunk::load(Index first, Index count) {
  first_ = first;
  count_ = size(count);
  masks_.resize(count_);
  columns_.resize(count_);
  neurons_.fill(first, raw_.data(), capacity_, masks_);
  sort_by_class();
}

std::uint64_t Chunk::class_of(std::uint64_t mask) const {
  if (!neurons_.paired()) return mask;
  const std::uint64_t all = neurons_.d() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << neurons_.d()) - 1;
  return std::min(mask, mask ^ all);
}

void Chunk::sort_by_class() {
  // A table by mask where it is small, so that a column costs no search.
  constexpr Index kTableOutputs = 14;
  const bool table = neurons_.d() <= kTableOutputs;
  std::map<std::uint64_t, std::size_t> few;
  places_.assign(table ? std::size_t{1} << neurons_.d() : 0, 0);
  const auto place_of = [&](std::uint64_t mask) -> std::size_t& { return table ? places_[mask] : few[mask]; };
  for (std::uint64_t& mask : masks_) ++place_of(mask = class_of(mask));
  classes_.clear();
  std::size_t begin = 0;
  const auto make_class = [&](std::uint64_t mask, std::size_t& number) {
    if (number == 0) return;
    classes_.push_back({mask, begin, begin + number});
    begin += std::exchange(number, begin);  // from here on the next free place of the class
  };
  for (std::size_t mask = 0; mask < places_.size(); ++mask) make_class(mask, places_[mask]);
  for (auto& [mask, number] : few) make_class(mask, number);
  for (std::size_t c = 0; c < count_; ++c) {
    const std::size_t place = place_of(masks_[c])++;
    columns_[place] = c;
    for (std::size_t k = 0; k < size(neurons_.d_in()); ++k) weights_[k * capacity_ + place] = raw_[k * capacity_ + c];
  }
}

double Chunk::largest_weight() const {
  double result = 0;
  for (std::size_t k = 0; k < size(neurons_.d_in()); ++k) {
    const Extremes range = extremes(weights_.data() + k * capacity_, count_);
    result = std::max({result, range.most, -range.least});
  }
  return result;
}

const double* Chunk::logits(Index i) {
  combine_rows(x_.data() + i * x_.cols(), size(x_.cols()), weights_.data(), capacity_, count_, logits_.data());
  return logits_.data();
}

double Chunk::make_exponentials(const std::vector<long>& shifts) {
  double largest_logit = 0;
  for (Index i = 0; i < x_.rows(); ++i) {
    const double* z = logits(i);
    const Extremes range = extremes(z, count_);
    largest_logit = std::max({largest_logit, range.most, -range.least});
    if (!(largest_logit <= kExpLargestArgument)) continue;
    scaled_exp(z, exponentials_.data() + size(i) * capacity_, count_, shifts[size(i)]);
  }
  return largest_logit;
}

void lower_gram(const double* rows, std::size_t stride, Index n, const Chunk::Class& columns, RowMajorMatrix& out) {
  constexpr Index kRows = 4;
  const double* first = rows + columns.begin;
  for (Index i = 0; i < n; i += kRows) {
    const Index count = std::min(kRows, n - i);
    products_of_rows(first + size(i) * stride, stride, size(count), first, stride, size(i + count),
                     columns.end - columns.begin, out.data() + i * n, size(n));
  }
}

}  // namespace assay::fast

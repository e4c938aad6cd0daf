#include "descent/orbit_pass.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "enclosure/fast/kernels.hpp"
#include "enclosure/index.hpp"
#include "enclosure/matrix.hpp"
#include "enclosure/norm.hpp"
#include "network/fast/network.hpp"

namespace assay {

namespace {

constexpr Index kPiece = 2048;            ///< columns at most
constexpr Index kBatch = 8192;            ///< columns that one thread takes at a time
constexpr std::size_t kSumBlock = 32;     ///< terms that are summed in plain double
constexpr double kLargestExponent = 300;  ///< of the largest exponential, to base 2
constexpr double kLog2 = 0.6931471805599453;
constexpr double kUnderflow = 0x1p-900;      ///< more than all products and exponentials that underflow can lose
constexpr double kStepUnderflow = 0x1p-700;  ///< the same for a step, whose exponentials are below 2^301

using Array = Eigen::Map<Eigen::ArrayXd>;
using ConstArray = Eigen::Map<const Eigen::ArrayXd>;

/// |E~ - E| <= within(rel) E~ for a computed E~ with |E~ - E| <= rel E, rel <= 0.1.
double within(double relative) {
  return inflated(relative * (1 + 2 * relative));
}

double sign(std::uint64_t mask, Index l) {
  return (mask >> l & 1) != 0 ? -1 : 1;
}

}  // namespace

OrbitPass::OrbitPass(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, int threads,
                     Index most_kept)
    : x_(x), y_(y), threads_(threads), neurons_(neurons), start_(neurons_.weights()) {
  if (x.rows() == 0 || x.rows() != y.rows() || x.cols() != neurons.d_in() || y.cols() != neurons.d())
    throw std::invalid_argument("OrbitPass: expected X of n x d_in and Y of n x d for the network's d_in and d");
  for (Index i = 0; i < n(); ++i) input_norms_.push_back(upper_norm({x_.data() + i * x_.cols(), size(x_.cols())}));
  cut_into_pieces();
  keeps_exponentials_ = n() * neurons_.columns() <= most_kept;
  if (keeps_exponentials_) exponentials_.resize(size(n() * neurons_.columns()));
  const std::size_t cells = pieces_.size() * size(n());
  sums_.resize(cells);
  norms_.resize(cells);
  most_.resize(cells);
  largest_logits_.resize(cells);
  largest_weights_.resize(pieces_.size());
}

void OrbitPass::cut_into_pieces() {
  Index in_batch = kBatch;
  for (const SortedNeurons::Class& group : neurons_.classes())
    for (Index begin = group.begin; begin < group.end; begin += kPiece) {
      if (in_batch >= kBatch) {
        batches_.push_back(pieces_.size());
        in_batch = 0;
      }
      pieces_.push_back({group.mask, begin, std::min(begin + kPiece, group.end)});
      in_batch += pieces_.back().count();
    }
  batches_.push_back(pieces_.size());
}

void OrbitPass::for_each_piece(const std::function<void(std::size_t, const Room&, std::vector<double>&)>& body) {
  parallel_for(static_cast<Index>(batches_.size()) - 1, threads_, [&](Index batch) {
    std::vector<double> scratch(size(2 * kPiece)), own;
    if (!keeps_exponentials_) own.resize(size(n() * kPiece));
    for (std::size_t piece = batches_[size(batch)]; piece < batches_[size(batch) + 1]; ++piece) {
      const Room room = keeps_exponentials_
                            ? Room{exponentials_.data() + pieces_[piece].begin, size(neurons_.columns())}
                            : Room{own.data(), size(kPiece)};
      body(piece, room, scratch);
    }
  });
}

std::vector<long> OrbitPass::shifts_near_largest() {
  for_each_piece([&](std::size_t piece, const Room&, std::vector<double>& z) {
    const Piece& at = pieces_[piece];
    for (Index i = 0; i < n(); ++i) {
      fast::combine_rows(x_.data() + i * x_.cols(), size(x_.cols()), neurons_.row(0) + at.begin,
                         size(neurons_.columns()), size(at.count()), z.data());
      largest_logits_[piece * size(n()) + size(i)] = fast::extremes(z.data(), size(at.count())).most;
    }
  });
  std::vector<long> shifts;
  for (Index i = 0; i < n(); ++i) {
    double most = largest_logits_[size(i)];
    for (std::size_t piece = 1; piece < pieces_.size(); ++piece)
      most = std::max(most, largest_logits_[piece * size(n()) + size(i)]);
    shifts.push_back(std::fabs(most) <= fast::kExpLargestArgument ? std::lround(most / kLog2) : 0);
  }
  return shifts;
}

bool OrbitPass::make_exponentials(std::size_t piece, const Room& room, std::vector<double>& z, bool sums) {
  const Piece& at = pieces_[piece];
  const std::size_t count = size(at.count());
  for (Index i = 0; i < n(); ++i) {
    fast::combine_rows(x_.data() + i * x_.cols(), size(x_.cols()), neurons_.row(0) + at.begin, size(neurons_.columns()),
                       count, z.data());
    const fast::Extremes range = fast::extremes(z.data(), count);
    const double most = range.most / kLog2 - static_cast<double>(shifts_[size(i)]);
    if (!(most <= kLargestExponent && std::max(range.most, -range.least) <= fast::kExpLargestArgument)) return false;
    fast::scaled_exp(z.data(), room.e + size(i) * room.stride, count, shifts_[size(i)]);
  }
  if (sums) add_up(piece, room);
  return true;
}

void OrbitPass::add_up(std::size_t piece, const Room& room) {
  const Piece& at = pieces_[piece];
  const std::size_t count = size(at.count());
  for (Index i = 0; i < n(); ++i) {
    const std::size_t cell = piece * size(n()) + size(i);
    const double* e = room.e + size(i) * room.stride;
    sums_[cell] = {};
    for (std::size_t first = 0; first < count; first += kSumBlock)
      sums_[cell].add(fast::sum(e + first, std::min(kSumBlock, count - first)));
    double squares = 0;
    fast::products_of_rows(e, room.stride, 1, e, room.stride, 1, count, &squares, 1);
    norms_[cell] = upper_root_of_squares(squares, at.count());
    most_[cell] = fast::extremes(e, count).most;
  }
  double largest = 0;
  for (Index k = 0; k < x_.cols(); ++k) {
    const fast::Extremes range = fast::extremes(neurons_.row(k) + at.begin, count);
    largest = std::max({largest, range.most, -range.least});
  }
  largest_weights_[piece] = largest;
}

bool OrbitPass::exponentiate() {
  std::atomic<bool> good = true;
  for_each_piece([&](std::size_t piece, const Room& room, std::vector<double>& scratch) {
    if (!make_exponentials(piece, room, scratch, true)) good = false;
  });
  return good;
}

bool OrbitPass::evaluate() {
  is_evaluated_ = !shifts_.empty() && exponentiate() && set_outputs();
  if (is_evaluated_) return true;
  shifts_ = shifts_near_largest();
  return is_evaluated_ = exponentiate() && set_outputs();
}

// Copies into vectors that have the room already, from the second attempt on.
OrbitPass::Attempt::Attempt(OrbitPass& pass) : pass_(pass) {
  pass.before_.weights = pass.neurons_.weights();
  pass.before_.shifts = pass.shifts_;
  pass.before_.outputs = pass.outputs_;
}

OrbitPass::Attempt::~Attempt() {
  if (kept_) return;
  pass_.neurons_.set_weights(std::move(pass_.before_.weights));
  pass_.shifts_ = std::move(pass_.before_.shifts);
  pass_.outputs_ = std::move(pass_.before_.outputs);
  pass_.is_evaluated_ = false;  // the exponentials may be others
}

bool OrbitPass::set_outputs() {
  const double largest_weight = *std::max_element(largest_weights_.begin(), largest_weights_.end());
  outputs_ = {};
  const Index blocks = neurons_.columns() / static_cast<Index>(kSumBlock) + 2 * static_cast<Index>(pieces_.size());
  if (blocks > fast::kMostTwofoldTerms) return false;
  outputs_.p.resize(size(y_.cols() * n()));
  outputs_.e.resize(size(y_.cols() * n()));
  for (Index i = 0; i < n(); ++i)
    if (!set_outputs_of(i, largest_weight)) return false;
  return true;
}

bool OrbitPass::set_outputs_of(Index i, double largest_weight) {
  const Index d = y_.cols();
  const Ball m{static_cast<double>(neurons_.columns()), 0};
  // |z~ - z| <= gamma |x_i|_1 max |w|; exp(t) - 1 <= 1.1 t for t <= 0.1.
  const double one_norm = upper_sum(x_.row(i).cwiseAbs().sum(), x_.cols());
  const double logit_error = fast::upper_logit_error(one_norm, largest_weight, x_.cols());
  if (!(logit_error <= 0.01)) return false;
  const double relative = combined(1.1 * logit_error, fast::kExpError);
  fast::Twofold total;
  std::vector<fast::Twofold> signed_sums(size(d));
  double most = 0;
  for (std::size_t piece = 0; piece < pieces_.size(); ++piece) {
    const std::size_t cell = piece * size(n()) + size(i);
    total.add(sums_[cell]);
    most = std::max(most, most_[cell]);
    for (Index l = 0; l < d; ++l) {
      const double s = sign(pieces_[piece].mask, l);
      signed_sums[size(l)].add(fast::Twofold{s * sums_[cell].hi, s * sums_[cell].lo});
    }
  }
  // Exponentials, blocks in any order, and the blocks added in twice the precision.
  const double error = combined(relative, combined(upper_gamma(kSumBlock), 8 * kUnitRoundoff));
  const double radius = inflated(within(error) * total.value() + kUnderflow);
  const Ball alpha{total.value(), radius};
  if (!(alpha.lower() > 0x1p-400)) return false;
  outputs_.relative.push_back(relative);
  outputs_.alpha.push_back(alpha);
  outputs_.upper_q.push_back((Ball{most, inflated(within(relative) * most)} / alpha * m).upper());
  for (Index l = 0; l < d; ++l) {
    const std::size_t at = size(l * n() + i);
    outputs_.p[at] = Ball{signed_sums[size(l)].value(), radius} / alpha;
    outputs_.e[at] = outputs_.p[at] * m - Ball{y_(i, l), 0};
    if (!std::isfinite(outputs_.e[at].magnitude())) return false;
  }
  return true;
}

OrbitPass::Coefficients OrbitPass::coefficients_of(std::size_t piece, double eta,
                                                   const std::vector<double>& curvature_weights) const {
  const auto m = static_cast<double>(neurons_.columns());
  const double sum_error = upper_gamma(static_cast<double>(n()));
  Coefficients result{std::vector<double>(size(x_.cols() * n())), std::vector<double>(size(n())), 0};
  for (Index i = 0; i < n(); ++i) {
    Ball c;
    for (Index l = 0; l < y_.cols(); ++l) {
      const Ball e{outputs_.e[size(l * n() + i)].middle, 0};
      c = c + e * (Ball{sign(pieces_[piece].mask, l), 0} - outputs_.p[size(l * n() + i)]);
    }
    const Ball b = Ball{eta, 0} * Ball{m, 0} * c / outputs_.alpha[size(i)];
    for (Index k = 0; k < x_.cols(); ++k) result.step[size(k * n() + i)] = b.middle * x_(i, k);
    const double relative = within(outputs_.relative[size(i)]);
    const double per_unit = inflated(b.radius * (1 + relative)) +
                            inflated(std::fabs(b.middle) * (relative + 2 * kUnitRoundoff + 2 * sum_error));
    result.upper_error =
        inflated(result.upper_error +
                 upper_product(input_norms_[size(i)], norms_[piece * size(n()) + size(i)], inflated(per_unit)) +
                 upper_product(input_norms_[size(i)], b.magnitude(), kUnderflow));
    result.curvature[size(i)] =
        inflated(curvature_weights[size(i)] * m * (1 + relative) / std::max(outputs_.alpha[size(i)].lower(), 0x1p-500));
  }
  return result;
}

Moved OrbitPass::move_piece(std::size_t piece, const Room& room, double eta,
                            const std::vector<double>& curvature_weights, std::vector<double>& scratch) {
  const Piece& at = pieces_[piece];
  const Index d_in = x_.cols();
  const std::size_t count = size(at.count());
  const double sum_error = upper_gamma(static_cast<double>(n()));
  const Coefficients coefficients = coefficients_of(piece, eta, curvature_weights);
  double* const step = scratch.data();
  double* const moves = scratch.data() + kPiece;
  fast::combine_rows(coefficients.curvature.data(), size(n()), room.e, room.stride, count, step);
  Moved result;
  result.upper_curvature = inflated(fast::extremes(step, count).most * (1 + 2 * sum_error) + kUnderflow);
  Array(moves, at.count()).setZero();
  double length = 0, norm = 0;
  for (Index k = 0; k < d_in; ++k) {
    fast::combine_rows(coefficients.step.data() + k * n(), size(n()), room.e, room.stride, count, step);
    Array weights(neurons_.row(k) + at.begin, at.count()), change(step, at.count());
    const ConstArray start(start_.data() + k * neurons_.columns() + at.begin, at.count());
    weights -= change;
    Array(moves, at.count()) += (weights - start).square();
    length += change.square().sum();
    norm += weights.square().sum();
  }
  const Index terms = at.count() * d_in;
  const double rounding = inflated(kUnitRoundoff * upper_root_of_squares(norm, terms) + kStepUnderflow);
  result.upper_length = inflated(upper_root_of_squares(length, terms) + rounding);
  result.upper_defect = inflated(coefficients.upper_error + rounding + kUnderflow);
  result.largest_move = root_of_squares(fast::extremes(moves, count).most, d_in);
  return result;
}

Moved OrbitPass::move(double eta, const std::vector<double>& curvature_weights) {
  if (!is_evaluated_ && !evaluate())
    throw std::logic_error("OrbitPass::move: expected weights at which the network can be bounded");
  std::vector<Moved> parts(pieces_.size());
  for_each_piece([&](std::size_t piece, const Room& room, std::vector<double>& scratch) {
    if (!keeps_exponentials_) make_exponentials(piece, room, scratch, false);
    parts[piece] = move_piece(piece, room, eta, curvature_weights, scratch);
  });
  is_evaluated_ = false;
  Moved all;
  std::vector<double> defects, lengths;
  for (const Moved& part : parts) {
    defects.push_back(part.upper_defect);
    lengths.push_back(part.upper_length);
    all.upper_curvature = std::max(all.upper_curvature, part.upper_curvature);
    // The largest of several numbers is as near to the largest middle as the worst of them is to its own.
    all.largest_move = {std::max(all.largest_move.middle, part.largest_move.middle),
                        std::max(all.largest_move.radius, part.largest_move.radius)};
  }
  all.upper_defect = upper_norm(defects);
  all.upper_length = upper_norm(lengths);
  return all;
}

std::vector<double> OrbitPass::upper_moves() const {
  std::vector<double> moves(size(neurons_.columns()));
  for (Index c = 0; c < neurons_.columns(); ++c) {
    double squares = 0;
    for (Index k = 0; k < x_.cols(); ++k) {
      const double change = neurons_.row(k)[c] - start_[size(k * neurons_.columns() + c)];
      squares += change * change;
    }
    moves[size(neurons_.neuron_of(c))] = upper_root_of_squares(squares, x_.cols());
  }
  return moves;
}

void OrbitPass::set_state(std::vector<double> weights, std::vector<long> shifts) {
  if (shifts.size() != size(n())) throw std::invalid_argument("OrbitPass: expected one shift for each sample");
  neurons_.set_weights(std::move(weights));
  shifts_ = std::move(shifts);
  is_evaluated_ = false;
}

}  // namespace assay

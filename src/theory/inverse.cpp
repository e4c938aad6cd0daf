#include "theory/inverse.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "enclosure/numeral.hpp"
#include "enclosure/stop.hpp"

namespace assay {
namespace {

constexpr Bits kBits = 512;  // tells decimals apart whose relative distance is 1e-60
constexpr std::int64_t kLargestInteger = std::int64_t{1} << 62;

bool is_before(const Decimal& a, const Decimal& b) {
  return certainly_less(a.at(kBits), b.at(kBits));
}

bool is_same(const Decimal& a, const Decimal& b) {
  return a.text() == b.text() || (!is_before(a, b) && !is_before(b, a));
}

/// "1.250e+02" as "125", "1.25e-07" as it is.
std::string without_needless_digits(const std::string& scientific) {
  const auto e = scientific.find('e');
  if (e == std::string::npos) return scientific;
  std::string digits = scientific.substr(0, e);
  std::erase(digits, '.');
  digits.erase(std::max<std::size_t>(digits.find_last_not_of('0') + 1, 1));
  const long exponent = std::stol(scientific.substr(e + 1));
  if (exponent < -4 || exponent > 14)
    return digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") + "e" + std::to_string(exponent);
  if (exponent < 0) return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return digits + std::string(whole - digits.size(), '0');
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

/// A decimal near the middle of two numbers >= 0, well inside, with as few digits as that needs: in the middle of the
/// logarithms where they are far apart.
Decimal real_between(const Decimal& from, const Decimal& to) {
  const Interval a = from.at(kBits), b = to.at(kBits), eighth = (b - a) / 8;
  const bool far_apart = certainly_positive(a) && certainly_less(4 * a, b);
  const Interval middle = far_apart ? sqrt(a * b) : (a + b) / 2;
  const Interval least = far_apart ? a : a + eighth, most = b - eighth;
  for (int digits = 1; digits < 200; ++digits)
    for (const std::string& rounded : {lower_decimal(middle, digits), upper_decimal(middle, digits)}) {
      const Decimal candidate(without_needless_digits(rounded));
      if (certainly_less(least, candidate.at(kBits)) && certainly_less(candidate.at(kBits), most)) return candidate;
    }
  throw std::logic_error("solve: no decimal between two numbers that differ");
}

Decimal integer(std::int64_t value) {
  return Decimal(std::to_string(value));
}

std::int64_t value_of(const Decimal& integer) {
  const auto value = integer_of(integer);
  if (!value || *value > kLargestInteger) throw std::invalid_argument("solve: expected integers of at most 62 bits");
  return *value;
}

/// Pieces in increasing order; what follows seamlessly is joined.
class Pieces {
 public:
  explicit Pieces(Numbers numbers) : numbers_(numbers) {}

  void add(const Piece& piece) {
    const bool joined =
        !pieces_.empty() && pieces_.back().truth == piece.truth && follow(pieces_.back().to, piece.from);
    if (joined)
      pieces_.back().to = piece.to;
    else
      pieces_.push_back(piece);
  }
  std::vector<Piece> take() { return std::move(pieces_); }

 private:
  bool follow(const Decimal& end, const Decimal& begin) const {
    return is_same(end, begin) || (numbers_ == Numbers::integers && value_of(end) + 1 == value_of(begin));
  }

  Numbers numbers_;
  std::vector<Piece> pieces_;
};

class Search {
 public:
  Search(const Condition& condition, const SearchOptions& options)
      : condition_(condition), options_(options), cells_left_(options.most_cells), pieces_(options.numbers) {}

  Solution found(const Decimal& lo, const Decimal& hi) {
    explore(lo, hi);
    return {pieces_.take(),
            first_change_ && *first_change_ != Change::any && same_change_ ? *first_change_ : Change::any};
  }

 private:
  void explore(const Decimal& from, const Decimal& to) {
    leave_if_stopped();
    const Condition::Over over = cells_left_-- > 0 ? condition_.over(from, to) : Condition::Over{};
    if (over.truth != Truth::open || over.change != Change::any || !is_divisible(from, to) || cells_left_ <= 0) {
      same_change_ = same_change_ && first_change_.value_or(over.change) == over.change;
      first_change_ = first_change_.value_or(over.change);
    }
    if (over.truth != Truth::open) return pieces_.add({from, to, over.truth});
    if (over.change != Change::any) return find_change(from, to, over.change);
    if (is_same(from, to)) return pieces_.add({from, to, condition_.at(from)});
    if (!is_divisible(from, to) || cells_left_ <= 0) return pieces_.add({from, to, Truth::open});
    if (options_.numbers == Numbers::integers) {
      const std::int64_t middle = value_of(from) + (value_of(to) - value_of(from)) / 2;
      explore(from, integer(middle));
      explore(integer(middle + 1), to);
      return;
    }
    const Decimal middle = real_between(from, to);
    explore(from, middle);
    explore(middle, to);
  }

  /// In two intervals of which neither is this one; false for a single number too.
  bool is_divisible(const Decimal& from, const Decimal& to) const {
    if (options_.numbers == Numbers::integers) return value_of(from) < value_of(to);
    return !is_narrow(from, to);
  }

  /// Nothing is left between two integers, or too little between two reals.
  bool is_narrow(const Decimal& from, const Decimal& to) const {
    if (options_.numbers == Numbers::integers) return value_of(to) - value_of(from) <= 1;
    const Interval a = from.at(kBits), b = to.at(kBits);
    return certainly_less_equal(b - a, a * Interval(options_.relative_gap, kBits)) || is_same(from, to);
  }

  Decimal between(const Decimal& from, const Decimal& to) const {
    if (options_.numbers == Numbers::reals) return real_between(from, to);
    return integer(value_of(from) + (value_of(to) - value_of(from)) / 2);
  }

  /// The truth changes at most once in [from, to].
  void find_change(const Decimal& from, const Decimal& to, Change change) {
    const Truth early = change == Change::only_to_fails ? Truth::holds : Truth::fails;
    const Truth late = change == Change::only_to_fails ? Truth::fails : Truth::holds;
    const Truth at_from = condition_.at(from), at_to = is_same(from, to) ? at_from : condition_.at(to);
    if (at_from == late) return pieces_.add({from, to, late});
    if (at_to == early) return pieces_.add({from, to, early});
    std::optional<Decimal> last_early, first_late;
    if (at_from == early) last_early = from;
    if (at_to == late) first_late = to;
    narrow(from, to, early, late, last_early, first_late);
    add_change({from, to, early}, {from, to, late}, last_early, first_late);
  }

  /// Moves both ends inwards by bisection; where a value between them is not decided, each end by itself.
  void narrow(const Decimal& from, const Decimal& to, Truth early, Truth late, std::optional<Decimal>& last_early,
              std::optional<Decimal>& first_late) {
    Decimal below = from, above = to;
    while (last_early && first_late && !is_narrow(*last_early, *first_late)) {
      const Decimal middle = between(*last_early, *first_late);
      const Truth truth = condition_.at(middle);
      if (truth != early && truth != late) {
        below = above = middle;
        break;
      }
      (truth == early ? last_early : first_late) = middle;
    }
    if (last_early && first_late && is_narrow(*last_early, *first_late)) return;
    if (last_early) narrow_one(*last_early, above, [&](const Decimal& at) { return condition_.at(at) == early; });
    if (first_late) narrow_one(*first_late, below, [&](const Decimal& at) { return condition_.at(at) == late; });
  }

  /// Moves `end`, where something holds, towards `other`, where it was not seen to, as far as it is seen to hold.
  template <class Seen>
  void narrow_one(Decimal& end, Decimal other, Seen seen) {
    const bool upward = is_before(end, other);
    while (!(upward ? is_narrow(end, other) : is_narrow(other, end))) {
      const Decimal middle = upward ? between(end, other) : between(other, end);
      (seen(middle) ? end : other) = middle;
    }
  }

  void add_change(Piece early, Piece late, const std::optional<Decimal>& last_early,
                  const std::optional<Decimal>& first_late) {
    const bool touch = last_early && first_late && is_narrow(*last_early, *first_late);
    const bool integers = options_.numbers == Numbers::integers;
    Piece open{early.from, late.to, Truth::open};
    if (last_early) {
      early.to = *last_early;
      pieces_.add(early);
      open.from = integers ? integer(value_of(*last_early) + 1) : *last_early;
    }
    if (first_late) open.to = integers ? integer(value_of(*first_late) - 1) : *first_late;
    if (!touch) pieces_.add(open);
    if (first_late) {
      late.from = *first_late;
      pieces_.add(late);
    }
  }

  const Condition& condition_;
  SearchOptions options_;
  int cells_left_;
  Pieces pieces_;
  std::optional<Change> first_change_;
  bool same_change_ = true;
};

/// Fails where one of them does, in spite of what is not known of the other; open where one may fail or not.
Truth both(Truth a, Truth b) {
  for (const Truth first : {Truth::fails, Truth::open, Truth::undefined})
    if (a == first || b == first) return first;
  return Truth::holds;
}

/// A piece, or the gap between two of them in which the truth changes.
struct Stretch {
  Piece piece;
  bool is_gap = false;
};

std::vector<Stretch> stretches_of(const Solution& solution, Numbers numbers) {
  std::vector<Stretch> stretches;
  for (const Piece& piece : solution.pieces) {
    if (numbers == Numbers::reals && !stretches.empty() && is_before(stretches.back().piece.to, piece.from))
      stretches.push_back({{stretches.back().piece.to, piece.from, Truth::open}, true});
    stretches.push_back({piece});
  }
  return stretches;
}

/// Without the gaps between different truths.
Solution solution_of(const std::vector<Stretch>& stretches, Numbers numbers, Change change) {
  Pieces pieces(numbers);
  for (std::size_t k = 0; k < stretches.size(); ++k) {
    const bool between_two = k > 0 && k + 1 < stretches.size();
    const bool is_gap = stretches[k].is_gap && stretches[k].piece.truth == Truth::open && between_two &&
                        stretches[k - 1].piece.truth != stretches[k + 1].piece.truth;
    if (!is_gap) pieces.add(stretches[k].piece);
  }
  return {pieces.take(), change};
}

Solution both(const Solution& a, const Solution& b, Numbers numbers) {
  const std::vector<Stretch> all_a = stretches_of(a, numbers), all_b = stretches_of(b, numbers);
  std::vector<Stretch> common;
  for (const Stretch& x : all_a)
    for (const Stretch& y : all_b) {
      const Decimal from = is_before(x.piece.from, y.piece.from) ? y.piece.from : x.piece.from;
      const Decimal to = is_before(x.piece.to, y.piece.to) ? x.piece.to : y.piece.to;
      const bool is_point = is_same(x.piece.from, x.piece.to) || is_same(y.piece.from, y.piece.to);
      if (is_before(to, from) || (numbers == Numbers::reals && !is_point && is_same(from, to))) continue;
      const auto may_be_gap = [](const Stretch& one) {
        return one.is_gap || one.piece.truth == Truth::holds || one.piece.truth == Truth::undefined;
      };
      const Stretch next{{from, to, both(x.piece.truth, y.piece.truth)}, may_be_gap(x) && may_be_gap(y)};
      const bool joins = !common.empty() && common.back().piece.truth == next.piece.truth &&
                         common.back().is_gap == next.is_gap && is_same(common.back().piece.to, from);
      if (joins)
        common.back().piece.to = to;
      else
        common.push_back(next);
    }
  return solution_of(common, numbers, a.change == b.change ? a.change : Change::any);
}

}  // namespace

bool Solution::is_complete() const {
  return std::none_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.truth == Truth::open; });
}

Solution solve(const Condition& condition, const Decimal& lo, const Decimal& hi, const SearchOptions& options) {
  if (is_before(hi, lo)) throw std::invalid_argument("solve: expected lo <= hi");
  if (!certainly_nonnegative(lo.at(kBits))) throw std::invalid_argument("solve: expected lo >= 0");
  if (!(options.relative_gap >= 1e-60)) throw std::invalid_argument("solve: expected a relative gap of at least 1e-60");
  if (options.numbers == Numbers::reals) return Search(condition, options).found(lo, hi);
  return Search(condition, options).found(integer(value_of(lo)), integer(value_of(hi)));
}

Solution conjunction(const std::vector<Solution>& solutions, Numbers numbers) {
  if (solutions.empty()) throw std::invalid_argument("conjunction: expected at least one solution");
  Solution all = solutions.front();
  for (std::size_t k = 1; k < solutions.size(); ++k) all = both(all, solutions[k], numbers);
  return all;
}

}  // namespace assay

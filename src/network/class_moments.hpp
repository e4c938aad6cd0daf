#pragma once

#include "data/neurons.hpp"
#include "enclosure/matrix.hpp"

namespace assay {

/// Sums over all neurons r of a_{l,r} a_{k,r} t_r, a_{l,r} t_r and t_r, for a quantity t that is the same for the
/// neurons of a column; built class by class.
class ClassMoments {
 public:
  /// @param second  keep the sums of a a' t too; without it, second() is an error.
  ClassMoments(Index d, bool second) : two_(second ? d : 0, second ? d : 0), one_(d, 1) {}

  /// Adds the columns of one class, whose t sum to `total`.
  void add(const Neurons::Class& group, const Interval& total);

  const Interval& zeroth() const { return zero_; }
  const Interval& first(Index l) const { return one_(l, 0); }
  const Interval& second(Index l, Index k) const { return l >= k ? two_(l, k) : two_(k, l); }

 private:
  IntervalMatrix two_, one_;
  Interval zero_;
};

}  // namespace assay

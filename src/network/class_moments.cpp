#include "network/class_moments.hpp"

namespace assay {

void ClassMoments::add(const Neurons::Class& group, const Interval& total) {
  zero_.add_multiple(static_cast<long>(group.signs.size()), total);
  for (Index l = 0; l < one_.rows(); ++l) {
    long first = 0;
    for (const auto& g : group.signs) first += g(l);
    one_(l, 0).add_multiple(first, total);
    for (Index k = 0; k <= l && l < two_.rows(); ++k) {
      long second = 0;
      for (const auto& g : group.signs) second += g(l) * g(k);
      two_(l, k).add_multiple(second, total);
    }
  }
}

}  // namespace assay

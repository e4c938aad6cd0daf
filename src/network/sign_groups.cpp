#include "network/sign_groups.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace assay {

namespace {

using Index = Eigen::Index;
constexpr Index kBlock = 3;  // outputs

/// The signs of these outputs as the bits of a number.
std::vector<unsigned> masks_of(const SignMatrix& a, const std::vector<Index>& outputs) {
  std::vector<unsigned> masks(static_cast<std::size_t>(a.rows()), 0);
  for (Index r = 0; r < a.rows(); ++r)
    for (std::size_t l = 0; l < outputs.size(); ++l)
      if (a(r, outputs[l]) < 0) masks[static_cast<std::size_t>(r)] |= 1U << l;
  return masks;
}

void sort_into_groups(SignGroups::Part& part, const SignMatrix& a) {
  const std::vector<unsigned> masks = masks_of(a, part.outputs);
  const auto mask_at = [&](Index place) {
    return masks[static_cast<std::size_t>(part.order[static_cast<std::size_t>(place)])];
  };
  part.order.resize(masks.size());
  std::iota(part.order.begin(), part.order.end(), Index{0});
  std::stable_sort(part.order.begin(), part.order.end(), [&](Index r, Index s) {
    return masks[static_cast<std::size_t>(r)] < masks[static_cast<std::size_t>(s)];
  });
  for (Index place = 0; place < a.rows(); ++place) {
    if (place == 0 || mask_at(place) != mask_at(place - 1)) {
      part.groups.push_back({{}, place, place});
      for (std::size_t l = 0; l < part.outputs.size(); ++l)
        part.groups.back().signs.push_back((mask_at(place) >> l & 1U) != 0 ? -1 : 1);
    }
    part.groups.back().end = place + 1;
  }
}

/// Whether a part of the blocks (first, second) sums what lies within `block`: the first part that has the block does.
bool is_first_with(Index block, Index first, Index second, Index blocks) {
  if (blocks == 1) return true;
  return block == 0 ? second == 1 : first == 0 && second == block;
}

}  // namespace

SignGroups group_by_signs(const SignMatrix& a) {
  const Index d = a.cols(), blocks = (d + kBlock - 1) / kBlock;
  const auto block_of = [](Index l) { return l / kBlock; };
  SignGroups result;
  for (Index first = 0; first < blocks; ++first)
    for (Index second = blocks == 1 ? first : first + 1; second < blocks; ++second) {
      SignGroups::Part part;
      for (Index l = 0; l < d; ++l)
        if (block_of(l) == first || block_of(l) == second) part.outputs.push_back(l);
      for (std::size_t l = 0; l < part.outputs.size(); ++l) {
        const Index block = block_of(part.outputs[l]);
        if (is_first_with(block, first, second, blocks)) part.singles.push_back(l);
        for (std::size_t k = 0; k < l; ++k)
          if (block != block_of(part.outputs[k]) || is_first_with(block, first, second, blocks))
            part.pairs.push_back({part.outputs[l], part.outputs[k], l, k});
      }
      sort_into_groups(part, a);
      result.parts.push_back(std::move(part));
    }
  return result;
}

}  // namespace assay

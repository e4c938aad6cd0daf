#include "setting/hypotheses.hpp"

#include "setting/setting.hpp"

namespace assay {

Statement inputs_in_unit_ball() {
  return {.id = "inputs_in_unit_ball",
          .scope = Scope::instance,
          .text = "$\\max_i\\lVert x_i\\rVert_2\\le1$",
          .relation = Relation::less_equal,
          .sides = [](const Setting& setting, Level level) {
            const Bits bits = level.bits;
            const RealMatrix& x = setting.instance().x;
            Interval largest = Interval::from_integer(0, bits);
            for (Index i = 0; i < x.rows(); ++i) {
              const std::vector<double> row(x.row(i).begin(), x.row(i).end());
              largest = max(largest, euclidean_norm(row, bits));
            }
            return Sides{largest, Interval::from_integer(1, bits), {}};
          }};
}

Statement logits_at_most_b() {
  return {.id = "logits_at_most_B",
          .scope = Scope::instance,
          .text = "$\\max_{i,r}\\lvert\\langle w_r,x_i\\rangle\\rvert\\le B$",
          .relation = Relation::less_equal,
          .sides = [](const Setting& setting, Level level) {
            return Sides{setting.largest_logit(level), setting.closed_forms(level).logit_bound(), {}};
          }};
}

}  // namespace assay

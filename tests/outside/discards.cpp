// Each statement of `careless` drops a proof, and the compiler has to say so.
#include <assay/assay.hpp>

void careless(const assay::Setting& setting, const assay::Theorem& theorem, const assay::Interval& a) {
  assay::certainly_less(a, a);
  assay::certainly_positive(a);
  a.contains_zero();
  assay::sqrt(a);
  a + a;
  assay::AtMost::unknown();
  assay::AtLeast::unknown() + a;
  assay::Known::undefined("");
  assay::enclose_lambda_min(assay::IntervalMatrix(1, 1), 1e-6, 64);
  assay::decide(a, assay::Relation::less, a);
  assay::decide(theorem.claims[0], setting, {});
  assay::check(theorem, setting, setting.constants(), {});
  assay::outcome_of(assay::Finding{});
  setting.ball_change_f(assay::Level(64));
  setting.lambda_min(assay::Level(64));
  assay::certain_degeneracy(setting.instance().x, 4, 2);
  assay::evaluate(setting, 1e-6, {}, {});
}

// theorems/small_logits/theorem.cpp
#include "theory/theorem.hpp"
#include "setting/hypotheses.hpp"
#include "setting/setting.hpp"

namespace assay {
namespace {

/// The largest |<w_r, x_i>| against a multiple of sigma.
Sides logits_against(const Setting& setting, Level level, long multiple) {
  return {setting.largest_logit(level), multiple * setting.sigma(level.bits)};
}

const Statement logits_are_small{
    .id = "logits_are_small",
    .scope = Scope::instance,
    .text = "$\\max_{i,r}\\lvert\\langle w_r,x_i\\rangle\\rvert\\le6\\sigma$",
    .relation = Relation::less_equal,
    .sides = [](const Setting& setting, Level level) { return logits_against(setting, level, 6); }};

const Statement logits_vanish{
    .id = "logits_vanish", .text = "all logits are 0", .sides = [](const Setting& setting, Level level) {
      return logits_against(setting, level, 0);
    }};

const Theorem small_logits{.title = "Logits are small",
                           .source = {"2405.03251", "appendix", Provenance::reconstructed},
                           .hypotheses = {inputs_in_unit_ball()},
                           .claims = {logits_are_small},
                           .falsehoods = {logits_vanish},  // the checker has to refute each
                           .proved = "Every logit of this network is at most six times the scale of its weights."};

const Registered registered{small_logits};

}  // namespace
}  // namespace assay

// What a user of the library writes: a theorem checked on a drawn instance.
#include <cstdio>
#include <setting/setting.hpp>
#include <theory/theorem.hpp>

int main() {
  assay::InstanceRequest request;
  request.n = 4;
  request.d_in = 4;
  request.d = 2;
  request.m = 64;
  request.sigma = 1;
  request.seed = 1;
  const assay::Setting setting(assay::make_instance(request), {}, {}, 1);
  const assay::Theorem& theorem = assay::theorem_of("ntk_perturbation");
  const assay::Finding finding = assay::check(theorem, setting, setting.constants(), {});
  std::printf("%s on %s: %s\n", theorem.title.c_str(), setting.instance().name.c_str(),
              std::string(assay::name_of(finding.outcome)).c_str());
  return finding.outcome == assay::Outcome::pass ? 0 : 1;
}

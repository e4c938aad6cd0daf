// What a user of the library writes: a theorem checked on a drawn instance, and an eigenvalue enclosed.
#include <assay/assay.hpp>
#include <cstdio>

int main() {
  assay::InstanceRequest request;
  request.n = 4;
  request.d_in = 4;
  request.d = 2;
  request.m = 64;
  request.sigma = 1;
  request.seed = 1;
  const assay::Setting setting(assay::make_instance(request), {}, {}, 1);

  const assay::Interval lambda = setting.lambda_min(assay::Level(128));
  const assay::DecimalEnds ends = assay::decimal_ends(lambda);
  std::printf("the kernel's smallest eigenvalue is in [%s, %s]\n", ends.lo.c_str(), ends.hi.c_str());

  const assay::Theorem& theorem = assay::theorem_of("ntk_perturbation");
  const assay::Finding finding = assay::check(theorem, setting, setting.constants(), {});
  std::printf("%s on %s: %s\n", theorem.title.c_str(), setting.instance().name.c_str(),
              std::string(assay::name_of(finding.outcome)).c_str());
  return finding.outcome == assay::Outcome::pass ? 0 : 1;
}

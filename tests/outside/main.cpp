// What a user of the library writes: a theorem checked on a drawn instance.
#include <cstdio>
#include <network/instance.hpp>

int main() {
  assay::InstanceRequest request;
  request.n = 4;
  request.d_in = 4;
  request.d = 2;
  request.m = 64;
  request.sigma = 1;
  request.seed = 1;
  const assay::Instance instance = assay::make_instance(request);
  // TODO: check a theorem on the instance and succeed only if its verdict is "pass".
  std::printf("%s\n", instance.name.c_str());
  return instance.m() == 64 ? 0 : 1;
}

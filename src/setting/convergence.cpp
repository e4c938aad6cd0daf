#include "setting/convergence.hpp"

namespace assay {

namespace {

template <Method method>
struct Sought {
  ConvergenceProof proof;
};

template <Method method>
const ConvergenceProof& sought(const Setting& setting) {
  return setting
      .once<Sought<method>>(Level::fast_tier(),
                            [&] {
                              ConvergenceRequest request;
                              request.method = method;
                              if (const auto& eta = setting.hyper().eta) request.eta = eta->at(64).approx_double();
                              request.threads = setting.threads();
                              const auto neurons = setting.neurons();
                              const Instance& instance = setting.instance();
                              return Sought<method>{prove_convergence(instance.x, instance.y, *neurons, request)};
                            })
      .proof;
}

}  // namespace

const ConvergenceProof& convergence(const Setting& setting, Method method) {
  switch (method) {
    case Method::ball:
      return sought<Method::ball>(setting);
    case Method::tube:
      return sought<Method::tube>(setting);
    case Method::two_phase:
      break;
  }
  return sought<Method::two_phase>(setting);
}

double descent_step(const Setting& setting) {
  return convergence(setting, Method::two_phase).certificate.eta;
}

}  // namespace assay

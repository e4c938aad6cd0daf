#include "descent/proof_on_setting.hpp"

namespace assay {

namespace {

template <Method method>
ConvergenceProof sought(const Setting& setting) {
  ConvergenceRequest request;
  request.method = method;
  if (const auto& eta = setting.hyper().eta) request.eta = eta->at(64).approx_double();
  request.threads = setting.threads();
  const auto neurons = setting.neurons();
  return prove_convergence(setting.instance().x, setting.instance().y, *neurons, request);
}

}  // namespace

const ConvergenceProof& convergence(const Setting& setting, Method method) {
  switch (method) {
    case Method::ball:
      return setting.once<&sought<Method::ball>>();
    case Method::tube:
      return setting.once<&sought<Method::tube>>();
    case Method::two_phase:
      break;
  }
  return setting.once<&sought<Method::two_phase>>();
}

double descent_step(const Setting& setting) {
  return convergence(setting, Method::two_phase).certificate.eta;
}

}  // namespace assay

#pragma once

#include <string_view>

namespace assay {

/// The two-layer networks that the paper compares; each has neurons of the form a_r phi(<w_r, x>).
enum class Activation {
  softmax,      ///< phi = exp, divided by its sum over the neurons
  exponential,  ///< phi = exp
  relu          ///< phi(z) = max(z, 0)
};

constexpr std::string_view name_of(Activation activation) {
  switch (activation) {
    case Activation::softmax:
      return "softmax";
    case Activation::exponential:
      return "exp";
    case Activation::relu:
      return "ReLU";
  }
  return {};
}

}  // namespace assay

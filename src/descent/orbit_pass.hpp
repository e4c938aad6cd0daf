#pragma once

#include <functional>

#include "descent/sorted_neurons.hpp"
#include "enclosure/ball.hpp"
#include "enclosure/fast/twofold.hpp"

namespace assay {

/// What a pass over the neurons says about the network at the weights as they are, doubles taken as exact numbers.
struct Outputs {
  std::vector<Ball> alpha;       ///< n: sum_r exp(z_{i,r}) 2^{-shift_i}
  std::vector<double> relative;  ///< n: relative error of each exp(z_{i,r}) 2^{-shift_i} as computed
  std::vector<Ball> p, e;        ///< (l, i) -> l n + i: p_{l,i} and F_{l,i} - y_{l,i}
  std::vector<double> upper_q;   ///< n: at least max_r q_{i,r}
};

/// What one step W' = W - eta grad L(W), as computed, did.
struct Moved {
  double upper_defect = 0;     ///< of |computed W' - (W - eta J' ê)|_F, with ê the middles of Outputs::e
  double upper_length = 0;     ///< of |W' - W|_F, both as computed
  double upper_curvature = 0;  ///< of max_r sum_i c_i q_{i,r}, for the c that was asked for
  Ball largest_move;           ///< max_r |w'_r - w_r(0)|_2
};

/// Gradient descent in double, one pass over the neurons to evaluate and one to move, with a priori bounds.
///
///   grad_r = sum_i q_{i,r} c_i(g_r) x_i,   c_i(g) = sum_l e_{l,i} (g_l - p_{l,i})   (g the signs of neuron r),
///
/// so within a class of signs a step is one product of an n x d_in matrix with the exponentials. Results do not depend
/// on the number of threads.
class OrbitPass {
 public:
  /// @throws std::invalid_argument for shapes that do not fit together.
  OrbitPass(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, int threads);

  const SortedNeurons& neurons() const { return neurons_; }
  Index n() const { return x_.rows(); }
  double upper_input_norm(Index i) const { return input_norms_[static_cast<std::size_t>(i)]; }

  /// To be called after every change of the weights.
  /// @return false if the outputs cannot be bounded in double (logits beyond 2^20, weights not finite).
  /// @cost   n m exponentials, n m d_in products.
  bool evaluate();
  const Outputs& outputs() const { return outputs_; }

  /// Moves the weights by one step. The outputs are those before the step until evaluate() is called.
  /// @param curvature_weights  c_i >= 0, n of them.
  /// @cost   n m d_in products, and the exponentials again where n m is beyond what is kept.
  Moved move(double eta, const std::vector<double>& curvature_weights);

  /// Upper bounds of |w_r - w_r(0)|_2, by neuron of the network.
  std::vector<double> upper_moves() const;

  /// What evaluate() goes by beyond the weights, so that a run can be continued bit for bit.
  const std::vector<long>& shifts() const { return shifts_; }
  void set_state(std::vector<double> weights, std::vector<long> shifts);

 private:
  /// A range of columns of one class.
  struct Piece {
    std::uint64_t mask;
    Index begin, end;
    Index count() const { return end - begin; }
  };
  /// Where the exponentials of a piece are: those of sample i from e + i stride.
  struct Room {
    double* e;
    std::size_t stride;
  };

  void cut_into_pieces();
  void for_each_piece(
      const std::function<void(std::size_t piece, const Room& room, std::vector<double>& scratch)>& body);
  std::vector<double> logits_range(std::size_t piece, Index i, std::vector<double>& z) const;
  std::vector<long> shifts_near_largest();
  bool exponentiate();
  bool make_exponentials(std::size_t piece, const Room& room, std::vector<double>& z, bool sums);
  void add_up(std::size_t piece, const Room& room);
  bool set_outputs();
  Moved move_piece(std::size_t piece, const Room& room, double eta, const std::vector<double>& curvature_weights,
                   std::vector<double>& scratch);

  RealMatrix x_, y_;
  int threads_;
  SortedNeurons neurons_;
  std::vector<double> start_;        // weights at the start, as in neurons_
  std::vector<double> input_norms_;  // upper bounds of |x_i|_2
  std::vector<Piece> pieces_;
  std::vector<std::size_t> batches_;  // first piece of each, and the number of pieces
  std::vector<long> shifts_;
  bool keeps_exponentials_ = true;
  std::vector<double> exponentials_;     // n x m, if they are kept
  std::vector<fast::Twofold> sums_;      // of a piece (row) and sample
  std::vector<double> norms_, most_;     // likewise: upper (sum e^2)^(1/2), and largest e
  std::vector<double> largest_logits_;   // likewise
  std::vector<double> largest_weights_;  // of a piece
  Outputs outputs_;
};

}  // namespace assay

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
  /// @param most_kept  where n m is more, exponentials are not kept in memory but made again for the step.
  /// @throws std::invalid_argument for shapes that do not fit together.
  OrbitPass(const RealMatrix& x, const RealMatrix& y, const NeuronStream& neurons, int threads,
            Index most_kept = Index{1} << 24);

  const SortedNeurons& neurons() const { return neurons_; }
  Index n() const { return x_.rows(); }
  [[nodiscard]] double upper_input_norm(Index i) const { return input_norms_[static_cast<std::size_t>(i)]; }

  /// While it lives, the weights and all that belongs to them can change; unless keep() is called, they are afterwards
  /// what they were before, also where an exception ends it. Memory 8 m d_in bytes, held by the pass from then on.
  class Attempt {
   public:
    explicit Attempt(OrbitPass& pass);
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    ~Attempt();
    void keep() { kept_ = true; }

   private:
    OrbitPass& pass_;
    bool kept_ = false;
  };

  /// To be called after every change of the weights.
  /// @return false if the outputs cannot be bounded in double (logits beyond 2^20, weights not finite).
  /// @cost   n m exponentials, n m d_in products.
  bool evaluate();
  const Outputs& outputs() const { return outputs_; }

  /// Moves the weights by one step. The outputs are those before the step until evaluate() is called.
  /// @param curvature_weights  c_i >= 0, n of them.
  /// @throws std::logic_error where the outputs are not those of the weights: evaluate() was not called, or failed.
  /// @cost   n m d_in products, and the exponentials again where n m is beyond what is kept.
  Moved move(double eta, const std::vector<double>& curvature_weights);

  /// Upper bounds of |w_r - w_r(0)|_2, by neuron of the network.
  std::vector<double> upper_moves() const;

  /// What evaluate() goes by beyond the weights, so that a run can be continued bit for bit.
  const std::vector<long>& shifts() const { return shifts_; }
  /// @throws std::invalid_argument for other sizes.
  void set_state(std::vector<double> weights, std::vector<long> shifts);

 private:
  /// What belongs together.
  struct State {
    std::vector<double> weights;
    std::vector<long> shifts;
    Outputs outputs;
  };
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

  /// What multiplies the exponentials of a piece in a step.
  struct Coefficients {
    std::vector<double> step;       ///< d_in x n: eta m c_i / alpha_i x_{i,k}
    std::vector<double> curvature;  ///< n: upper bounds of c_i m / alpha_i, rounding of the exponentials included
    double upper_error = 0;         ///< of the norm of what rounding does to the steps of the piece
  };

  void cut_into_pieces();
  void for_each_piece(
      const std::function<void(std::size_t piece, const Room& room, std::vector<double>& scratch)>& body);
  std::vector<long> shifts_near_largest();
  bool exponentiate();
  bool make_exponentials(std::size_t piece, const Room& room, std::vector<double>& z, bool sums);
  void add_up(std::size_t piece, const Room& room);
  bool set_outputs();
  bool set_outputs_of(Index i, double largest_weight);
  Coefficients coefficients_of(std::size_t piece, double eta, const std::vector<double>& curvature_weights) const;
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
  bool is_evaluated_ = false;  // outputs, exponentials and sums are those of the weights
  State before_;               // an attempt
};

}  // namespace assay

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace assay {

/// A computation was left before its end, as its time was over or the run was interrupted. What it asked stays open:
/// this proves nothing.
class Stopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// While it lives, what is computed may be left at any operation, by all threads; elsewhere nothing is ever left, so
/// that what was found can be reported.
class Stoppable {
 public:
  Stoppable() noexcept;
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;
  ~Stoppable();
};

/// From now on every stoppable computation of this process is left at its next leave_if_stopped(). From any thread.
void interrupt_computations() noexcept;
bool computations_are_interrupted() noexcept;

/// While it lives, stoppable computations are left once its time is over, or that of a limit around it. To be made and ended by
/// one thread at a time, innermost first.
class TimeLimit {
 public:
  explicit TimeLimit(std::chrono::duration<double> most);
  /// This part of what a limit around it leaves; no limit where there is none. @param part  in (0, 1].
  static TimeLimit share(double part);
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

 private:
  std::int64_t outer_;  ///< the end of the limit around it
};

/// Shares out the time that is left among so many questions: what one leaves is for those that follow.
class TimeShares {
 public:
  explicit TimeShares(std::size_t questions) : left_(questions) {}
  /// For the next question, while it lives.
  TimeLimit next() { return TimeLimit::share(1 / static_cast<double>(left_ > 1 ? left_-- : 1)); }

 private:
  std::size_t left_;
};

/// @throws Stopped in a stoppable computation if the time is over or the run was interrupted. @cost  a look at the clock, about 30 ns.
void leave_if_stopped();
/// The same for innermost loops: looks at the clock once in 64 calls of a thread.
void leave_if_stopped_sometimes();

}  // namespace assay

#include "enclosure/stop.hpp"

#include <algorithm>
#include <atomic>
#include <limits>

namespace assay {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::atomic<int> stoppable{0};  ///< how many Stoppable there are
std::atomic<bool> interrupted{false};
std::atomic<std::int64_t> deadline{kNever};  ///< of the innermost limit, in nanoseconds of the clock

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

std::int64_t in(double seconds) {
  constexpr double kLongest = 1e9;  // seconds, which nanoseconds in 64 bits take
  return now() + static_cast<std::int64_t>(std::clamp(seconds, 0.0, kLongest) * 1e9);
}

}  // namespace

Stoppable::Stoppable() noexcept {
  ++stoppable;
}

Stoppable::~Stoppable() {
  --stoppable;
}

void interrupt_computations() noexcept {
  interrupted = true;
}

bool computations_are_interrupted() noexcept {
  return interrupted;
}

TimeLimit::TimeLimit(std::chrono::duration<double> most) : outer_(deadline) {
  deadline = std::min(outer_, in(most.count()));
}

TimeLimit TimeLimit::share(double part) {
  constexpr double kNoLimit = 1e9;
  const std::int64_t end = deadline;
  return TimeLimit(std::chrono::duration<double>(
      end == kNever ? kNoLimit : part * static_cast<double>(std::max<std::int64_t>(end - now(), 0)) / 1e9));
}

TimeLimit::~TimeLimit() {
  deadline = outer_;
}

void leave_if_stopped() {
  if (stoppable == 0) return;
  if (interrupted) throw Stopped("the run was interrupted");
  if (const std::int64_t end = deadline; end != kNever && now() >= end) throw Stopped("the time limit was reached");
}

void leave_if_stopped_sometimes() {
  constexpr unsigned kOneIn = 64;
  thread_local unsigned calls = 0;
  if (++calls % kOneIn == 0) leave_if_stopped();
}

}  // namespace assay

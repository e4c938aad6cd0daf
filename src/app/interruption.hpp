#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace assay::app {

/// What a first SIGINT or SIGTERM does: end the program, or only its computations, so that what they found is reported
/// (a second one ends the program).
enum class FirstSignal { ends_program, ends_computations };

/// While it lives, SIGINT and SIGTERM end the program with status 130 and one line, but never while `quiet()` is held.
/// To be made before any other thread, which then leave these signals to it.
class Interruption {
 public:
  /// @param advice  what the line says after "interrupted; ".
  explicit Interruption(std::string advice, FirstSignal first = FirstSignal::ends_program);
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  /// Another advice from now on.
  void advise(std::string advice) {
    const auto held = quiet();
    advice_ = std::move(advice);
  }
  /// To hold while a file is written.
  std::unique_lock<std::mutex> quiet() { return std::unique_lock(mutex_); }
  /// From now on nothing is interrupted; to be called while `quiet()` is held.
  void ignore_from_now_on() { listener_.request_stop(); }

 private:
  void wait_for_signals(const std::stop_token& stop);

  std::string advice_;
  FirstSignal first_;
  std::mutex mutex_;
  std::jthread listener_;
};

}  // namespace assay::app

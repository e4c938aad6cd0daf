#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace assay::app {

/// One line on standard error that tells what is being done and for how long, rewritten in place. Silent unless
/// standard error is a terminal and the work has lasted two seconds; gone when the work is done.
class Progress {
 public:
  Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// What stands before the details: "[3/14] ntk_perturbation on drawn-n4: ".
  void begin(std::string item);
  void say(const std::string& detail);
  /// How much of what the details name is done, from 0 to 1.
  void done(double fraction);
  /// Takes the line away, for something else to be printed; it comes back with the next tick.
  void hide();

 private:
  void tick(const std::stop_token& stop);
  void show();

  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string item_, detail_, percent_;
  bool shown_ = false;
  std::jthread ticker_;
};

}  // namespace assay::app

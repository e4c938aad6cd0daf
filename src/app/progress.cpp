#include "app/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/output.hpp"

namespace assay::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* kErase = "\r\033[K";

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

}  // namespace

Progress::Progress() {
  if (isatty(STDERR_FILENO) == 0) return;
  try {
    ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
  } catch (const std::system_error&) {  // no thread is to be had: then nothing is shown
  }
}

void Progress::tick(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (std::chrono::steady_clock::now() - start_ > 2s) show();
    wake_.wait_for(lock, stop, 250ms, [] { return false; });
  }
}

Progress::~Progress() {
  if (!ticker_.joinable()) return;
  ticker_.request_stop();
  ticker_.join();
  if (shown_) print_error(kErase);
}

void Progress::begin(std::string item) {
  const std::lock_guard lock(mutex_);
  item_ = std::move(item);
  detail_.clear();
  percent_.clear();
}

void Progress::say(const std::string& detail) {
  const std::lock_guard lock(mutex_);
  detail_ = detail;
  percent_.clear();
}

void Progress::done(double fraction) {
  const std::lock_guard lock(mutex_);
  percent_ = fmt::format("{}{:.0f} %", detail_.empty() ? "" : ", ", 100 * std::clamp(fraction, 0.0, 1.0));
}

void Progress::hide() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(shown_, false)) print_error(kErase);
}

/// With the mutex held.
void Progress::show() {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
  const std::string time = fmt::format(", {} s", seconds.count());
  const std::string what =
      (item_ + detail_ + percent_).substr(0, terminal_columns() - std::min(time.size() + 1, terminal_columns()));
  print_error(kErase + what + time);
  shown_ = true;
}

}  // namespace assay::app

#include "app/interruption.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <system_error>

#include "app/command.hpp"
#include "app/output.hpp"

namespace assay::app {
namespace {

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interruption::Interruption(std::string advice) : advice_(std::move(advice)) {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  try {
    listener_ = std::jthread([this](const std::stop_token& stop) { wait_for_signals(stop); });
  } catch (const std::system_error&) {  // no thread is to be had: then a signal ends the run without words
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  }
}

Interruption::~Interruption() {
  if (!listener_.joinable()) return;
  listener_.request_stop();
  listener_.join();
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Interruption::wait_for_signals(const std::stop_token& stop) {
  const sigset_t set = handled_signals();
  const timespec pause{0, 50'000'000};
  while (!stop.stop_requested()) {
    if (sigtimedwait(&set, nullptr, &pause) < 0) continue;
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested()) return;  // all was done by then
    const char* erase = isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "";
    print_error(fmt::format("{}assay: interrupted; {}\n", erase, advice_));
    _exit(interrupted);  // without destructors: other threads are at work
  }
}

}  // namespace assay::app

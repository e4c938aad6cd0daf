#include "enclosure/stop.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "enclosure/matrix.hpp"
#include "enclosure/refine.hpp"

namespace assay {
namespace {

using Seconds = std::chrono::duration<double>;

/// Whether operations are left now.
bool is_left() {
  const Stoppable stoppable;
  try {
    Interval sum;
    for (int k = 0; k < 1000; ++k) sum += Interval(1, 64);
    return false;
  } catch (const Stopped&) {
    return true;
  }
}

void wait(double seconds) {
  std::this_thread::sleep_for(Seconds(seconds));
}

TEST_CASE("operations of a stoppable computation are left when its time is over, and no others") {
  CHECK(!is_left());
  {
    const TimeLimit limit(Seconds(1e-3));
    wait(2e-3);
    CHECK(is_left());
    Interval sum;
    for (int k = 0; k < 1000; ++k) CHECK_NOTHROW(sum += Interval(1, 64));  // not stoppable: a report, say
    const Stoppable stoppable;
    CHECK_THROWS_AS(leave_if_stopped(), Stopped);
    CHECK_THROWS_AS(parallel_for(4, 2, [](Index) {}), Stopped);
  }
  CHECK(!is_left());
}

TEST_CASE("a limit within a limit is never longer, and a share is of what is left") {
  const TimeLimit day(Seconds(86400));
  {
    const TimeLimit soon(Seconds(1e-3));
    const TimeLimit later(Seconds(3600));
    wait(2e-3);
    CHECK(is_left());
  }
  CHECK(!is_left());
  const TimeLimit part = TimeLimit::share(1e-8);  // 0.9 ms of a day
  wait(2e-3);
  CHECK(is_left());
}

TEST_CASE("without a limit a share is none") {
  const TimeLimit share = TimeLimit::share(1e-9);
  wait(1e-3);
  CHECK(!is_left());
}

TEST_CASE("each question has its share of the time that is left, and the last one all of it") {
  const TimeLimit day(Seconds(86400));
  TimeShares many(100'000'000), last(1);
  {
    const TimeLimit share = many.next();  // 0.9 ms
    wait(2e-3);
    CHECK(is_left());
  }
  for (int k = 0; k < 3; ++k) {
    const TimeLimit share = last.next();
    wait(2e-3);
    CHECK(!is_left());
  }
}

TEST_CASE("a climb keeps what its finished rungs found") {
  Bits reached = 0;
  const auto slow_from = [&](Bits slow) {
    const TimeLimit limit(Seconds(1));
    reached = 0;
    return climb(Precision{.start = 64, .limit = 1024, .tier = Tier::deep}, [&](Level level) {
      while (level.bits >= slow) leave_if_stopped();
      reached = level.bits;
      return false;
    });
  };
  const Climb stopped = slow_from(256);
  CHECK(stopped.last.bits == 128);
  CHECK(reached == 128);
  CHECK(stopped.stopped == "the time limit was reached");
  CHECK_THROWS_AS(slow_from(64), Stopped);
  const Climb finished = slow_from(4096);
  CHECK(finished.last.bits == 1024);
  CHECK(!finished.stopped);
}

}  // namespace
}  // namespace assay

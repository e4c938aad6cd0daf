#include "theorems/basic_event/event_chart.hpp"

#include <doctest/doctest.h>

#include "chance/gaussian_event.hpp"

using namespace assay;

TEST_CASE("the picture of the event crosses delta at the break width and knows the widths of interest") {
  InstanceRequest request;
  request.n = 3;
  request.d_in = request.d = 2;
  request.m = 32;
  const Setting setting(make_instance(request), {}, {}, 1);
  const Interval bound(20.0, 64);
  const Interval breaks = 2 * trials_until(setting.event_failure_of_pair(bound, 64), setting.delta(64));
  for (const Interval& asked : {Interval(1e200, 64), Interval::from_integer(10, 64), Interval::whole_line(64)}) {
    const std::vector<Chart> charts = event_charts(setting, bound, breaks, asked);
    REQUIRE(charts.size() == 1);
    const Series& failure = charts[0].series.at(0);
    int below = 0, above = 0;
    for (std::size_t k = 0; k < failure.x.size(); ++k) {
      const double width = failure.x[k];
      CAPTURE(width);
      CHECK(failure.y[k] <= failure.high[k]);
      CHECK(failure.high[k] <= 1);
      CHECK((k == 0 || width > failure.x[k - 1]));
      const bool before = width<breaks.lower_double(), past = width> breaks.upper_double();
      CHECK((!before || failure.y[k] <= 0.1));
      CHECK((!past || failure.high[k] >= 0.1));
      below += before;
      above += past;
    }
    CHECK(below > 10);
    CHECK(above > 1);
    CHECK(failure.x.front() <= 32);
    CHECK(charts[0].series.size() == (asked.is_finite() ? 4 : 3));
    CHECK(charts[0].series.at(2).x.at(0) <= 32.0);
    CHECK(charts[0].series.at(2).y.at(0) <= setting.event_failure(bound, setting.pairs(64), 64).lower_double());
  }
}

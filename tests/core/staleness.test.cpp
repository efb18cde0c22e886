#include "drover/actors/core/staleness.hpp"

#include <doctest/doctest.h>

using drover::staleness_histogram;

TEST_CASE("a histogram counts, and keeps sum and maximum exact beyond its last bucket") {
  staleness_histogram histogram;
  CHECK(histogram.counts().empty());
  histogram.record(0);
  histogram.record(2);
  histogram.record(2);
  REQUIRE(histogram.counts().size() == 3);
  CHECK(histogram.counts()[2] == 2);
  histogram.record(1000);
  CHECK(histogram.counts().size() == staleness_histogram::buckets);
  CHECK(histogram.counts().back() == 1);
  CHECK(histogram.max() == 1000);
  CHECK(histogram.sum() == 1004);
  CHECK(histogram.updates() == 4);
}

#pragma once

#include "drover/actors/core/smoothed_time.hpp"

#include <algorithm>

namespace drover {

/// Whether somebody who is asked again and again still answers. How far answers were apart says how long the next may
/// take: their mean distance and eight times its mean deviation, within bounds. Twice what decides when to ask again
/// (answer_time): to do without somebody costs more. Times are in seconds.
class pulse {
public:
  static constexpr double deadline_min_seconds = 5;
  static constexpr double deadline_max_seconds = 20;

  pulse() = default;
  explicit pulse(double now) : heard_(now) {}

  void hear(double now) {
    apart_.observe(silence(now));
    heard_ = now;
  }
  /// For so long nobody listened: that counts neither as silence nor for the deadline.
  void skip(double seconds, double now) { heard_ = std::min(now, heard_ + seconds); }

  [[nodiscard]] double silence(double now) const { return now - heard_; }
  [[nodiscard]] double deadline() const {
    constexpr double deviations = 8;
    return std::clamp(apart_.mean() + deviations * apart_.deviation(), deadline_min_seconds, deadline_max_seconds);
  }
  [[nodiscard]] bool is_late(double now) const { return silence(now) > deadline(); }

private:
  double heard_ = 0;
  smoothed_time apart_;
};

} // namespace drover

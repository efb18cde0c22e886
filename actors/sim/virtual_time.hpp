#pragma once

#include <cstdint>

namespace drover::sim {

/// Virtual time is whole nanoseconds since the beginning of a simulation, so that sums of it are exact.
using nanoseconds = std::int64_t;

/// 146 years: later than anything happens, and two of it still fit.
inline constexpr nanoseconds end_of_time = std::int64_t{1} << 62;

/// Rounded to the nearest; 0 for negative ones, `end_of_time` for what is longer.
[[nodiscard]] constexpr nanoseconds whole_nanoseconds(double value) {
  if (!(value > 0))
    return 0;
  if (value >= static_cast<double>(end_of_time))
    return end_of_time;
  // Adding a half before cutting would round up what is just below it, and whole numbers that have no halves.
  auto whole = static_cast<nanoseconds>(value);
  return whole + (value - static_cast<double>(whole) >= 0.5 ? 1 : 0);
}

[[nodiscard]] constexpr nanoseconds from_seconds(double seconds) {
  return whole_nanoseconds(seconds * 1e9);
}

/// `time` plus a duration; both 0 to `end_of_time`.
[[nodiscard]] constexpr nanoseconds later(nanoseconds time, nanoseconds duration) {
  return duration < end_of_time - time ? time + duration : end_of_time;
}

} // namespace drover::sim

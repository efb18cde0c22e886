#pragma once

#include <string>
#include <vector>

namespace drover::cli {

/// One axis of a chart: what it goes from and to, and where its ticks are, at multiples of 1, 2 or 5 times a power of
/// ten.
struct axis {
  double low = 0;
  double high = 1;
  double step = 1; ///< between ticks

  /// Holds all of the values that are finite, with about `ticks` ticks, and begins and ends at one.
  [[nodiscard]] static axis over(const std::vector<double>& values, int ticks);

  /// Where a value is between the ends, 0 … 1; beyond them where it is.
  [[nodiscard]] double place(double value) const { return (value - low) / (high - low); }
  [[nodiscard]] std::vector<double> ticks() const;
  /// With as many digits as tell ticks apart.
  [[nodiscard]] std::string label(double tick) const;
};

} // namespace drover::cli

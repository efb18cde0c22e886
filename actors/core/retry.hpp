#pragma once

#include "drover/actors/core/smoothed_time.hpp"

#include <algorithm>
#include <cstddef>

namespace drover {

/// When to repeat a request that is not answered: after a first wait, then each time after twice as long.
class retry {
public:
  static constexpr double wait_max_seconds = 60;

  retry() = default;
  retry(double now, double first_wait) : wait_(first_wait), next_(now + first_wait) {}

  /// True when it is time; then the next wait begins.
  [[nodiscard]] bool due(double now) {
    if (now < next_)
      return false;
    wait_ = std::min(2 * wait_, wait_max_seconds);
    next_ = now + wait_;
    return true;
  }

  /// The wait that is under way.
  [[nodiscard]] double wait() const { return wait_; }

private:
  double wait_ = 0;
  double next_ = 0;
};

/// How long to wait for an answer, from how long answers took: mean plus four times their mean deviation (RFC 6298,
/// section 2, with its constants and its shortest wait; longer where the messages are so large that they are under way
/// for longer: to repeat those makes it worse). An answer to what was sent twice tells nothing, since it may
/// be the first one's: then the longer wait is kept until an answer tells (Karn's algorithm, there sections 3 and 5).
class answer_time {
public:
  static constexpr double wait_min_seconds = 1;
  /// A slow link's, a gigabit a second shared by two.
  static constexpr double bytes_a_second_min = 64 << 20;

  answer_time() = default;
  /// For requests that move so many bytes, there or back.
  explicit answer_time(std::size_t bytes)
      : wait_min_(
            std::clamp(static_cast<double>(bytes) / bytes_a_second_min, wait_min_seconds, retry::wait_max_seconds)) {}

  /// An answer to what was sent once.
  void observe(double seconds) {
    backed_off_ = 0;
    observed_.observe(seconds);
  }

  /// No answer came in time, and the next is waited for so long.
  void back_off(double seconds) { backed_off_ = std::max(backed_off_, seconds); }

  [[nodiscard]] double wait() const {
    return std::clamp(std::max(observed_.mean() + 4 * observed_.deviation(), backed_off_), wait_min_,
                      retry::wait_max_seconds);
  }

private:
  double wait_min_ = wait_min_seconds;
  smoothed_time observed_;
  double backed_off_ = 0;
};

} // namespace drover

#pragma once

#include <algorithm>

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
/// section 2, with its constants and its shortest wait). An answer to what was sent twice tells nothing, since it may
/// be the first one's: then the longer wait is kept until an answer tells (Karn's algorithm, there sections 3 and 5).
class answer_time {
public:
  static constexpr double wait_min_seconds = 1;

  /// An answer to what was sent once.
  void observe(double seconds) {
    backed_off_ = 0;
    if (!observed_) {
      observed_ = true;
      mean_ = seconds;
      deviation_ = seconds / 2;
      return;
    }
    auto off = seconds > mean_ ? seconds - mean_ : mean_ - seconds;
    deviation_ += (off - deviation_) / 4;
    mean_ += (seconds - mean_) / 8;
  }

  /// No answer came in time, and the next is waited for so long.
  void back_off(double seconds) { backed_off_ = std::max(backed_off_, seconds); }

  [[nodiscard]] double wait() const {
    return std::clamp(std::max(mean_ + 4 * deviation_, backed_off_), wait_min_seconds, retry::wait_max_seconds);
  }

private:
  bool observed_ = false;
  double mean_ = 0;
  double deviation_ = 0;
  double backed_off_ = 0;
};

} // namespace drover

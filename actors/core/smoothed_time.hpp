#pragma once

namespace drover {

/// How long something takes as a rule, and by how much that varies: RFC 6298, section 2, with its constants.
class smoothed_time {
public:
  void observe(double seconds) {
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

  /// Seconds; 0 before the first.
  [[nodiscard]] double mean() const { return mean_; }
  /// Mean deviation from that.
  [[nodiscard]] double deviation() const { return deviation_; }

private:
  bool observed_ = false;
  double mean_ = 0;
  double deviation_ = 0;
};

} // namespace drover

#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace drover {

/// What becomes of lines that cannot be read: some may be passed over, the one behind them ends the reading. Counts
/// over all pieces of a file. Serves one thread.
class bad_lines {
public:
  explicit bad_lines(std::uint64_t skipped_max = 0) : skipped_max_(skipped_max) {}

  /// Takes note of a line, `sentence` says which and what is wrong. Throws std::runtime_error with that sentence where
  /// it is one too many.
  void take(const std::string& sentence) {
    if (skipped_ == skipped_max_)
      throw std::runtime_error(
          skipped_ == 0 ? sentence : sentence + " (" + std::to_string(skipped_) + " bad lines before it were skipped)");
    if (++skipped_ == 1)
      first_ = sentence;
  }

  /// Lines that were skipped when these were read before, at most `skipped_max`.
  void take_over(std::uint64_t skipped, const std::string& first) {
    skipped_ = skipped;
    first_ = skipped == 0 ? "" : first;
  }

  [[nodiscard]] std::uint64_t skipped_max() const { return skipped_max_; }
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }
  /// The sentence about the first that was skipped.
  [[nodiscard]] const std::string& first() const { return first_; }

private:
  std::uint64_t skipped_max_;
  std::uint64_t skipped_ = 0;
  std::string first_;
};

} // namespace drover

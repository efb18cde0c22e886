#pragma once

#include "drover/actors/core/keyed_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Which keys are worth a row: those that were asked for `after` times. Until then a key waits here, with its count.
class admission {
public:
  /// `after` > 0; at most `keys_max` keys wait, at least one where `after` > 1. The one that came first, as a rule, is
  /// forgotten for another.
  admission(std::uint64_t after, std::size_t keys_max) : after_(after), waiting_(0, keys_max) {}

  /// One more update asks for `key`. Whether it is admitted; then it waits no longer.
  [[nodiscard]] bool ask(std::uint64_t key);

  /// Keys that wait, at positions 0 … size() - 1, and which of them is forgotten next.
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t key(std::size_t position) const { return waiting_.key(position); }
  [[nodiscard]] std::size_t keys_max() const { return waiting_.rows_max(); }
  [[nodiscard]] std::size_t hand() const { return hand_; }
  [[nodiscard]] std::size_t bytes() const { return waiting_.bytes(); }
  /// Of one key in contents().
  [[nodiscard]] std::size_t key_bytes() const { return waiting_.row_bytes(); }

  /// To go on elsewhere, as those of keyed_rows.
  [[nodiscard]] std::vector<std::span<const std::byte>> contents() const { return waiting_.contents(); }
  [[nodiscard]] std::vector<std::span<std::byte>> prepare(std::size_t hand, std::size_t keys);
  /// Throws std::invalid_argument where a key comes twice, or with a count that it cannot have.
  void adopt();

private:
  std::uint64_t after_;
  keyed_rows waiting_;
  std::size_t hand_ = 0;
};

} // namespace drover

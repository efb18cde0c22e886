#pragma once

#include "drover/messages/bulk.hpp"

#include <capnp/message.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

/// A message that is not what it claims to be: cut short, too large, or inconsistent. The sentence says what and where.
class malformed_message : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The segments of one Cap'n Proto message and what keeps their memory alive. Immutable once made, hence shared freely
/// between threads.
class frame {
public:
  /// Above these a frame is refused, before anything is allocated for it.
  static constexpr std::size_t segments_max = 1u << 16;
  static constexpr std::size_t bytes_max = std::size_t{1} << 30;

  using segment = std::span<const capnp::word>;

  /// Adds a segment whose memory `owner` keeps alive. Segments in a row may have one owner.
  void add(segment words, std::shared_ptr<const void> owner);

  [[nodiscard]] std::span<const segment> segments() const { return segments_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// The standard stream format, as `capnp decode` reads it.
  [[nodiscard]] std::vector<std::byte> flatten() const;

  /// The reverse. Every segment is copied once into aligned memory of its own. Throws malformed_message.
  static std::shared_ptr<const frame> unflatten(std::span<const std::byte> bytes);

private:
  std::vector<segment> segments_;
  std::vector<std::shared_ptr<const void>> owners_;
  std::size_t bytes_ = 0;
};

/// Sizes of a frame's segments, checked against the limits before memory is taken for them. Throws malformed_message.
/// `available`: bytes that are really there to be read.
void check_segment_table(std::span<const std::uint32_t> words, std::size_t available);

} // namespace drover

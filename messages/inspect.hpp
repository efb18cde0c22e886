#pragma once

#include "drover/messages/message.hpp"

#include <caf/byte_span.hpp>
#include <caf/sec.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace drover {

// How CAF writes and reads a message<T> where it crosses processes: the number of segments, the words of each, their
// bytes. Each side copies the bytes once. Within a process CAF passes the object on and none of this runs.

/// Writes. False where the frame is empty or above the limits, before its first byte. Who sends must see to it that
/// this does not happen: CAF 0.18 leaves what it had written before, and the peer closes the connection.
template <class Inspector>
bool save_frame(Inspector& f, const std::shared_ptr<const frame>& source) {
  if (!source || source->segments().size() > frame::segments_max || source->bytes() > frame::bytes_max) {
    f.emplace_error(caf::sec::invalid_argument, "a message above the limits cannot be sent");
    return false;
  }
  if (!f.begin_sequence(source->segments().size()))
    return false;
  for (auto segment : source->segments())
    if (!f.value(static_cast<std::uint32_t>(segment.size())))
      return false;
  for (auto segment : source->segments())
    if (!f.value(caf::const_byte_span{reinterpret_cast<caf::const_byte_span::pointer>(segment.data()),
                                      segment.size_bytes()}))
      return false;
  return f.end_sequence();
}

/// Reads. False, with the error set, for whatever is malformed; memory is taken only for bytes that are there.
template <class Inspector>
bool load_frame(Inspector& f, std::shared_ptr<const frame>& target) {
  auto available = std::numeric_limits<std::size_t>::max();
  std::size_t count = 0;
  if (!f.begin_sequence(count))
    return false;
  if constexpr (requires { f.remaining(); })
    available = f.remaining();
  if (count == 0 || count > frame::segments_max || count > available / sizeof(std::uint32_t)) {
    f.emplace_error(caf::sec::invalid_argument, "a message with an impossible number of segments");
    return false;
  }
  std::vector<std::uint32_t> words(count);
  for (auto& size : words)
    if (!f.value(size))
      return false;
  if constexpr (requires { f.remaining(); })
    available = f.remaining();
  try {
    check_segment_table(words, available);
  } catch (const malformed_message& error) {
    f.emplace_error(caf::sec::invalid_argument, error.what());
    return false;
  }
  auto result = std::make_shared<frame>();
  for (auto size : words) {
    auto memory = std::make_shared<bulk>(std::size_t{size} * sizeof(capnp::word) / sizeof(float));
    auto data = memory->values().data();
    if (!f.value(caf::byte_span{reinterpret_cast<caf::byte_span::pointer>(data), size * sizeof(capnp::word)}))
      return false;
    result->add({reinterpret_cast<const capnp::word*>(data), size}, std::move(memory));
  }
  target = std::move(result);
  return f.end_sequence();
}

template <class Inspector, class T>
bool inspect(Inspector& f, message<T>& x) {
  if constexpr (Inspector::is_loading) {
    std::shared_ptr<const frame> segments;
    if (!load_frame(f, segments))
      return false;
    x = message<T>{std::move(segments)};
    return true;
  } else {
    // In logs the size says enough.
    if (f.has_human_readable_format())
      return f.value(static_cast<std::uint64_t>(x.empty() ? 0 : x.segments().bytes()));
    return save_frame(f, x.shared_segments());
  }
}

} // namespace drover

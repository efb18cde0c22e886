#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace drover::fuzz {

/// Takes an input apart, front to back. Where it has ended, everything is 0 and empty.
class input {
public:
  input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  template <class Number>
  Number take() {
    static_assert(std::is_arithmetic_v<Number> && !std::is_same_v<Number, bool>);
    Number result{};
    auto bytes = take_bytes(sizeof result);
    std::memcpy(&result, bytes.data(), bytes.size());
    return result;
  }

  /// Mostly small numbers, which mean something, and now and then one of 64 bits.
  std::uint64_t take_count() {
    constexpr std::uint8_t wide = 0xff;
    auto small = take<std::uint8_t>();
    return small == wide ? take<std::uint64_t>() : small;
  }

  std::span<const std::uint8_t> take_bytes(std::size_t wanted) {
    auto result = rest_.first(std::min(wanted, rest_.size()));
    rest_ = rest_.subspan(result.size());
    return result;
  }

  /// A text with its length, of one byte, before it.
  std::string take_text() {
    auto bytes = take_bytes(take<std::uint8_t>());
    return {bytes.begin(), bytes.end()};
  }

  std::span<const std::byte> take_rest() { return std::as_bytes(take_bytes(rest_.size())); }

private:
  std::span<const std::uint8_t> rest_;
};

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace drover::fuzz

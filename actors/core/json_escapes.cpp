#include "drover/actors/core/json_escapes.hpp"

#include <kj/encoding.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace drover {

namespace {

constexpr std::size_t escape_size = 6; // \uXXXX

/// The number of the escape with which `text` begins; nothing where there is none.
std::optional<char16_t> escape_at_front(std::string_view text) {
  if (text.size() < escape_size || !text.starts_with("\\u"))
    return std::nullopt;
  auto digits = text.substr(2, escape_size - 2);
  unsigned value = 0;
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size() || value == 0)
    return std::nullopt;
  return static_cast<char16_t>(value);
}

void append(std::string& result, const std::u16string& units) {
  auto utf8 = kj::decodeUtf16(kj::ArrayPtr<const char16_t>{units.data(), units.size()});
  for (char letter : utf8) {
    if (letter == '"' || letter == '\\')
      result += '\\';
    result += letter;
  }
}

} // namespace

std::string without_unicode_escapes(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  while (!json.empty()) {
    if (json.front() != '\\') {
      auto plain = json.substr(0, json.find('\\'));
      result += plain;
      json.remove_prefix(plain.size());
      continue;
    }
    std::u16string units;
    while (auto unit = escape_at_front(json)) {
      units += *unit;
      json.remove_prefix(escape_size);
    }
    if (units.empty()) {
      // Another escape: two characters, of which the second may be a backslash.
      result += json.substr(0, 2);
      json.remove_prefix(std::min<std::size_t>(2, json.size()));
    } else {
      append(result, units);
    }
  }
  return result;
}

} // namespace drover

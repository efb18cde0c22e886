#include "drover/actors/core/printable.hpp"

#include <algorithm>

namespace drover {

namespace {

/// Bytes of the UTF-8 character with which `text` begins; 0 where it is none. Does not look for overlong forms, which
/// show as nothing bad.
std::size_t character_size(std::string_view text) {
  auto lead = static_cast<unsigned char>(text.front());
  std::size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (size > text.size())
    return 0;
  auto follows = [](char one) { return (static_cast<unsigned char>(one) & 0xc0) == 0x80; };
  return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(size, 1)),
                     follows)
             ? size
             : 0;
}

/// Those of ASCII, and those of Latin-1 that some terminals heed.
bool is_control(std::string_view character) {
  auto lead = static_cast<unsigned char>(character.front());
  return lead < ' ' || lead == 0x7f || (lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

std::string escaped(std::string_view bytes) {
  constexpr std::string_view letters = "0123456789abcdef";
  if (bytes == "\n")
    return "\\n";
  if (bytes == "\t")
    return "\\t";
  if (bytes == "\r")
    return "\\r";
  std::string result;
  for (char byte : bytes) {
    auto value = static_cast<unsigned char>(byte);
    result += {'\\', 'x', letters[value >> 4], letters[value & 15]};
  }
  return result;
}

} // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t shown = 0; !text.empty(); ++shown) {
    if (shown == printable_max)
      return result + "…";
    auto size = character_size(text);
    auto character = text.substr(0, std::max<std::size_t>(size, 1));
    result += size == 0 || is_control(character) ? escaped(character) : std::string{character};
    text.remove_prefix(character.size());
  }
  return result;
}

} // namespace drover

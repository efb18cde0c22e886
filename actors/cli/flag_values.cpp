#include "drover/actors/cli/flag_values.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace drover::cli {

namespace {

/// Nothing unless the whole text is one number.
template <class Number, class... Format>
std::optional<Number> read(const std::string& text, Format... format) {
  Number result{};
  const auto* end = text.data() + text.size();
  auto [stopped, problem] = std::from_chars(text.data(), end, result, format...);
  return problem == std::errc{} && stopped == end ? std::optional{result} : std::nullopt;
}

[[noreturn]] void refuse(const std::string& name, const std::string& text, const std::string& allowed) {
  throw std::invalid_argument("--" + name + " is " + text + ": allowed is " + allowed);
}

} // namespace

std::string text_of(const command_line& line, const std::string& name) {
  for (const auto& flag : line.flags)
    if (flag.name == name)
      return flag.value;
  return "";
}

std::uint64_t whole_number(const command_line& line, const std::string& name, whole_range allowed,
                           std::uint64_t otherwise) {
  if (!line.has(name))
    return otherwise;
  auto text = text_of(line, name);
  auto value = read<std::uint64_t>(text);
  if (!value || *value < allowed.least || *value > allowed.most)
    refuse(name, text, "a whole number from " + std::to_string(allowed.least) + " to " + std::to_string(allowed.most));
  return *value;
}

double seconds_of(const command_line& line, const std::string& name, double otherwise) {
  if (!line.has(name))
    return otherwise;
  auto text = text_of(line, name);
  auto value = read<double>(text);
  if (!value || !std::isfinite(*value) || *value <= 0)
    refuse(name, text, "a number of seconds above 0");
  return *value;
}

std::uint64_t fingerprint_of(const command_line& line, const std::string& name) {
  auto text = text_of(line, name);
  auto value = read<std::uint64_t>(text, 16);
  if (!value)
    refuse(name, text, "up to 16 hexadecimal digits, as a simulation prints them at its end");
  return *value;
}

std::string fingerprint_text(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

} // namespace drover::cli

#include "drover/actors/cli/format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace drover::cli {

std::string fixed(double value, int digits) {
  if (!std::isfinite(value))
    return "-";
  // DBL_MAX has 309 digits before the point.
  char text[400];
  auto size = std::snprintf(text, sizeof text, "%.*f", digits, value);
  return {text, static_cast<std::size_t>(size)};
}

std::string loss_text(double loss) {
  return fixed(loss, 4);
}

std::string percent(double fraction) {
  return fixed(100 * fraction, 2) + " %";
}

std::string quality(double loss, double accuracy) {
  if (std::isnan(accuracy))
    return "RMSE " + fixed(std::sqrt(loss), 4);
  return "loss " + loss_text(loss) + ", accuracy " + percent(accuracy);
}

std::string short_quality(double loss, double accuracy) {
  return std::isnan(accuracy) ? quality(loss, accuracy) : "loss " + loss_text(loss) + "  " + percent(accuracy);
}

std::string duration(double seconds) {
  if (seconds < 10)
    return fixed(seconds, 2) + " s";
  if (seconds < 60)
    return fixed(seconds, 1) + " s";
  auto whole = static_cast<long long>(std::min(seconds, 1e15));
  auto two_digits = [](long long value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (whole < 3600)
    return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two_digits(whole / 60 % 60) + " min";
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024)
    return std::to_string(bytes) + " bytes";
  auto value = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* larger : {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
    if (value < 1024)
      break;
    value /= 1024;
    unit = larger;
  }
  return fixed(value, 1) + " " + unit;
}

std::string right(const std::string& text, std::size_t columns) {
  return text.size() < columns ? std::string(columns - text.size(), ' ') + text : text;
}

std::string left(std::string text, std::size_t columns) {
  if (text.size() < columns)
    text.resize(columns, ' ');
  return text;
}

} // namespace drover::cli

#include "drover/actors/cli/simulation_summary.hpp"

#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/format.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace drover::cli {

namespace {

constexpr std::size_t label_columns = 13;

void print_line(std::ostream& out, const std::string& name, const std::string& text) {
  out << left(name, label_columns) << text << '\n';
}

std::string traffic_text(const sim::network::counts& traffic) {
  auto result = bytes_text(traffic.bytes) + " in " + std::to_string(traffic.sent) + " messages";
  auto add = [&result](std::uint64_t count, const char* what) {
    if (count > 0)
      result += ", " + std::to_string(count) + " " + what;
  };
  add(traffic.lost, "lost");
  add(traffic.cut, "cut off by a partition");
  add(traffic.duplicated, "duplicated");
  add(traffic.reordered, "out of order");
  add(traffic.delayed, "late");
  return result;
}

} // namespace

void print_calibration(std::ostream& out, const calibration& measured) {
  auto microseconds = [](double seconds) { return fixed(seconds * 1e6, 1) + " us"; };
  auto gigabytes = [](double bytes) { return fixed(bytes / 1e9, 2) + " GB/s"; };
  print_line(out, "cores", std::to_string(measured.cores));
  print_line(out, "step", microseconds(measured.step_seconds) + ", sigma " + fixed(measured.step_sigma, 3));
  print_line(out, "message", microseconds(measured.message_seconds));
  print_line(out, "update", gigabytes(measured.apply_bytes_per_second) + " of gradients");
  print_line(out, "fetch", gigabytes(measured.copy_bytes_per_second) + " from another core");
  print_line(out, "wake-up", microseconds(measured.wake_seconds));
  print_line(out, "crowding", microseconds(measured.crowded_seconds) + " a step where workers share cores");
}

utilisation utilisation::of(const simulation_measures& measures) {
  const auto& shares = measures.computing;
  if (shares.empty())
    return {};
  auto [least, most] = std::minmax_element(shares.begin(), shares.end());
  return {std::accumulate(shares.begin(), shares.end(), 0.0) / static_cast<double>(shares.size()), *least, *most};
}

void print_measures(std::ostream& out, const simulation_measures& measures) {
  auto busy = utilisation::of(measures);
  out << '\n';
  print_line(out, "virtual time", duration(measures.seconds) + ", " + std::to_string(measures.events) + " events");
  print_line(out, "utilisation",
             "workers computed " + percent(busy.mean) + " of it, from " + percent(busy.min) + " to " +
                 percent(busy.max));
  print_line(out, "network", traffic_text(measures.traffic));
  print_line(out, "fingerprint", fingerprint_text(measures.fingerprint));
  out << std::flush;
}

} // namespace drover::cli

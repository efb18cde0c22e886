#include "drover/actors/worker_device.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace drover {

namespace {

constexpr std::string_view automatic = "auto";

std::string_view view(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

std::vector<std::string> listed(messages::Job::Reader what) {
  std::vector<std::string> result;
  auto text = view(what.getDevices());
  while (!text.empty()) {
    auto end = std::min(text.find(','), text.size());
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

void check_name(const std::string& name) {
  if (name != automatic && !gpu::is_device_name(name))
    throw std::invalid_argument("there is no device '" + name +
                                "': devices are called cpu, auto, cuda:0, cuda:1 and so on");
}

// GPUs in turn, where there are any.
std::string chosen_for(std::uint32_t worker) {
  auto found = gpu::find_devices();
  std::vector<std::string> usable;
  for (const auto& one : found.devices)
    if (one.name != "cpu" && one.problem.empty())
      usable.push_back(one.name);
  return usable.empty() ? "cpu" : usable[worker % usable.size()];
}

gpu::precision precision_of(messages::Precision which) {
  switch (which) {
  case messages::Precision::TF32:
    return gpu::precision::tf32;
  case messages::Precision::BF16:
    return gpu::precision::bf16;
  case messages::Precision::FP32:
    break;
  }
  return gpu::precision::fp32;
}

} // namespace

std::string device_name_of(messages::Job::Reader what, std::uint32_t worker) {
  auto all = listed(what);
  return worker < all.size() ? all[worker] : std::string{view(what.getDevice())};
}

void check_devices(messages::Job::Reader what) {
  check_name(what.getDevice());
  auto all = listed(what);
  for (const auto& name : all)
    check_name(name);
  if (!all.empty() && all.size() != what.getWorkers())
    throw std::invalid_argument("devices names " + std::to_string(all.size()) + " for " +
                                std::to_string(what.getWorkers()) + " workers: name one for each, or say device");
  if (!all.empty() && view(what.getDevice()) != "cpu")
    throw std::invalid_argument("device and devices both say where workers compute: leave out one of them");
}

void demand_devices(messages::Job::Reader what) {
  check_devices(what);
  auto names = listed(what);
  names.emplace_back(view(what.getDevice()));
  for (const auto& name : std::set(names.begin(), names.end())) // the driver is asked each time
    if (name != automatic)
      gpu::demand_device(name);
}

std::unique_ptr<gpu::device> make_worker_device(messages::Job::Reader what, std::uint32_t worker) {
  auto name = device_name_of(what, worker);
  if (name == automatic)
    name = chosen_for(worker);
  return gpu::make_device(name, {.inside = precision_of(what.getPrecision())});
}

} // namespace drover

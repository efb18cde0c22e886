#include "drover/gpu/devices.hpp"

#include "drover/gpu/backend.hpp"

#include <charconv>
#include <unistd.h>

namespace drover::gpu {

namespace {

constexpr std::string_view gpu_prefix = "cuda";

std::size_t pages(int which) {
  return static_cast<std::size_t>(sysconf(which)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// -1: no such name.
int index_of(std::string_view name) {
  if (name == gpu_prefix)
    return 0;
  if (!name.starts_with(gpu_prefix) || name.size() < gpu_prefix.size() + 2 || name[gpu_prefix.size()] != ':')
    return -1;
  int index = -1;
  auto digits = name.substr(gpu_prefix.size() + 1);
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return problem == std::errc{} && end == digits.data() + digits.size() ? index : -1;
}

} // namespace

found_devices find_devices(bool asks_memory) {
  auto result = backend::find_gpus(asks_memory);
  result.devices.insert(result.devices.begin(), {.name = "cpu",
                                                 .description = make_cpu_device()->description(),
                                                 .memory_bytes = pages(_SC_PHYS_PAGES),
                                                 .free_bytes = pages(_SC_AVPHYS_PAGES),
                                                 .problem = ""});
  return result;
}

bool is_device_name(std::string_view name) {
  return name == "cpu" || index_of(name) >= 0;
}

void demand_device(std::string_view name) {
  if (name == "cpu")
    return;
  auto index = index_of(name);
  if (index < 0)
    throw error("there is no device " + std::string{name} + ": devices are called cpu, cuda:0, cuda:1 and so on");
  auto there = backend::find_gpus(false);
  auto wanted = static_cast<std::size_t>(index);
  if (wanted >= there.devices.size())
    throw error("there is no device " + std::string{name} + ": " +
                (there.devices.empty()
                     ? there.note
                     : "this machine has cuda:0 to cuda:" + std::to_string(there.devices.size() - 1)));
  if (const auto& problem = there.devices[wanted].problem; !problem.empty())
    throw error("device " + std::string{name} + " cannot be used: " + problem);
}

std::unique_ptr<device> make_device(std::string_view name, const device_options& options) {
  demand_device(name);
  return name == "cpu" ? make_cpu_device() : backend::make_gpu(index_of(name), options);
}

} // namespace drover::gpu

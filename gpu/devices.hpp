#pragma once

#include "drover/gpu/device.hpp"
#include "drover/gpu/precision.hpp"

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drover::gpu {

/// A place where arithmetic can run, or could.
struct device_info {
  std::string name;        ///< as make_device takes it: cpu, cuda:0
  std::string description; ///< one line for people
  std::size_t memory_bytes = 0;
  std::size_t free_bytes = 0; ///< 0: nobody asked
  std::string problem;        ///< a sentence: why it cannot be used. Empty: it can
};

/// All devices of this machine, the CPU first. Where there is no GPU to be used, `note` says why, in one sentence.
struct found_devices {
  std::vector<device_info> devices;
  std::string note;
};
/// Any thread. Asks the driver anew each time; never throws for what it says. `asks_memory`: what of a GPU's memory is
/// free, too, which takes some of it for as long as the process lives.
[[nodiscard]] found_devices find_devices(bool asks_memory = false);

struct device_options {
  precision inside = precision::fp32;
  /// Of the device's memory, for what is allocated by way of this object.
  std::size_t memory_bytes_max = std::numeric_limits<std::size_t>::max();
};

/// Whether make_device could know such a device somewhere.
[[nodiscard]] bool is_device_name(std::string_view name);

/// Throws `error` with a sentence where make_device would find none here.
void demand_device(std::string_view name);

/// `name`: cpu, cuda (the first GPU) or cuda:N. For one thread. Throws `error` with a sentence that says what there is.
[[nodiscard]] std::unique_ptr<device> make_device(std::string_view name, const device_options& options = {});

} // namespace drover::gpu

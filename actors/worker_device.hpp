#pragma once

#include "drover/actors/job.hpp"
#include "drover/gpu/devices.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace drover {

/// What a job says of where a worker computes: cpu, auto, cuda or cuda:N.
[[nodiscard]] std::string device_name_of(messages::Job::Reader what, std::uint32_t worker);

/// Throws std::invalid_argument with a sentence for names that no device can have, and a list of another length than
/// there are workers.
void check_devices(messages::Job::Reader what);

/// Throws gpu::error with a sentence where a worker's device is not on this machine.
void demand_devices(messages::Job::Reader what);

/// The device of that worker, of the machine that this process runs on.  Throws gpu::error with a sentence.
[[nodiscard]] std::unique_ptr<gpu::device> make_worker_device(messages::Job::Reader what, std::uint32_t worker);

} // namespace drover

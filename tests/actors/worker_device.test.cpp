#include "drover/actors/worker_device.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace drover {

TEST_CASE("device is for all workers, devices for each by itself") {
  job what;
  what->setWorkers(3);
  CHECK(device_name_of(what.read(), 2) == "cpu");
  what->setDevice("cuda:1");
  CHECK(device_name_of(what.read(), 2) == "cuda:1");
  what->setDevice("cpu");
  what->setDevices("cuda:0,cuda:0,cpu");
  CHECK(device_name_of(what.read(), 1) == "cuda:0");
  CHECK(device_name_of(what.read(), 2) == "cpu");
  CHECK_NOTHROW(check_devices(what.read()));
}

TEST_CASE("devices that make no sense are refused with a sentence") {
  job what;
  what->setWorkers(2);
  what->setDevice("tpu");
  CHECK_THROWS_WITH_AS(check_devices(what.read()),
                       "there is no device 'tpu': devices are called cpu, auto, cuda:0, cuda:1 and so on",
                       std::invalid_argument);
  for (const auto* name : {"cuda:", "cuda:-1", "cuda:1x", "", "cuda:99999999999"}) {
    what->setDevice(name);
    CHECK_THROWS_AS(check_devices(what.read()), std::invalid_argument);
  }
  what->setDevice("cpu");
  what->setDevices("cpu,cpu,cpu");
  CHECK_THROWS_WITH_AS(check_devices(what.read()), "devices names 3 for 2 workers: name one for each, or say device",
                       std::invalid_argument);
  what->setDevices("cpu,,");
  CHECK_THROWS_AS(check_devices(what.read()), std::invalid_argument);
  what->setDevices("cpu,cuda:0");
  what->setDevice("auto");
  CHECK_THROWS_WITH_AS(check_devices(what.read()),
                       "device and devices both say where workers compute: leave out one of them",
                       std::invalid_argument);
}

TEST_CASE("auto takes what the machine has") {
  job what;
  what->setDevice("auto");
  auto made = make_worker_device(what.read(), 0);
  bool has_gpu = gpu::find_devices().note.empty(); // else it says why none can be used
  CHECK(made->description().starts_with(has_gpu ? "cuda:" : "CPU, "));
}

} // namespace drover

#define DOCTEST_CONFIG_IMPLEMENT
#include "drover/gpu/devices.hpp"

#include <doctest/doctest.h>

#include <cstdio>

// Without a GPU these tests say so and are counted as skipped, never as passed.
int main(int count, char** words) {
  constexpr int skipped = 77;
  auto found = drover::gpu::find_devices();
  const auto* usable = static_cast<const drover::gpu::device_info*>(nullptr);
  for (const auto& one : found.devices) {
    if (one.name != "cpu" && one.problem.empty() && usable == nullptr)
      usable = &one;
    if (!one.problem.empty())
      std::printf("%s is not used: %s\n", one.name.c_str(), one.problem.c_str());
  }
  if (usable == nullptr) {
    std::printf("SKIPPED: no GPU: %s\n", found.note.c_str());
    return skipped;
  }
  std::printf("on %s, %s\n", usable->name.c_str(), usable->description.c_str());
  doctest::Context context{count, words};
  return context.run();
}

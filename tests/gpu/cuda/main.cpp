#define DOCTEST_CONFIG_IMPLEMENT
#include "drover/gpu/devices.hpp"

#include <doctest/doctest.h>

#include <cstdio>

// Without a GPU these tests say so and are counted as skipped, never as passed.
int main(int count, char** words) {
  constexpr int skipped = 77;
  auto found = drover::gpu::find_devices();
  if (found.devices.size() < 2) {
    std::printf("SKIPPED: no GPU: %s\n", found.note.c_str());
    return skipped;
  }
  const auto& first = found.devices[1]; // which the tests use
  if (!first.problem.empty()) {
    std::printf("SKIPPED: %s cannot be used: %s\n", first.name.c_str(), first.problem.c_str());
    return skipped;
  }
  std::printf("on %s, %s\n", first.name.c_str(), first.description.c_str());
  doctest::Context context{count, words};
  return context.run();
}

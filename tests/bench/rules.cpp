// Update rules in GB/s, bytes read and written, against a memory copy of as many bytes. Limit: a rule does less than
// ten operations a float and should cost what moving its floats costs.

#include "drover/gpu/device.hpp"
#include "drover/models/rules/update_rule.hpp"

#include "tests/bench/measure.hpp"
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unistd.h>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::size_t bytes_a_round = 1u << 29;
constexpr std::size_t bytes_in_memory = 1u << 29; ///< more than any cache holds

std::size_t bytes_in_cache() {
  auto level2 = sysconf(_SC_LEVEL2_CACHE_SIZE);
  return static_cast<std::size_t>(level2 > 0 ? level2 : 1 << 20) / 2;
}

// Rate of `pass`, which moves `bytes`, done as often as it takes.
template <class Pass>
double bytes_a_second(std::size_t bytes, Pass pass) {
  auto times = std::max<std::size_t>(1, bytes_a_round / bytes);
  auto seconds = seconds_of([times, &pass] {
    for (std::size_t i = 0; i < times; ++i)
      pass();
  });
  return static_cast<double>(times * bytes) / seconds;
}

void measure(const char* name, std::size_t bytes, std::size_t rounds) {
  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  auto rule = make_update_rule(name, {});
  // Parameters and state are read and written, the gradient is read.
  auto floats_moved = 2 + 2 * rule->state_slots() + 1;
  auto count = bytes / (floats_moved * sizeof(float)) / 16 * 16;
  auto parameters = device->allocate(count);
  auto gradient = device->allocate(count);
  auto state = device->allocate(count * rule->state_slots());
  std::ranges::fill(parameters.span(), 1.0f);
  std::ranges::fill(gradient.span(), 0.001f);
  std::ranges::fill(state.span(), 0.0f);
  std::vector<char> from(bytes / 2, 1);
  std::vector<char> to(bytes / 2, 2);

  contest sides;
  std::uint64_t updates = 0;
  sides.add("copy", [&] { return bytes_a_second(bytes, [&] { std::memcpy(to.data(), from.data(), bytes / 2); }); });
  sides.add(name, [&] {
    return bytes_a_second(count * floats_moved * sizeof(float), [&] {
      rule->apply(*device, *stream, {.learning_rate = 1e-6f, .count = ++updates}, parameters.span(), gradient.span(),
                  parameters.span(), state.span());
    });
  });
  sides.run(rounds);
  std::printf("%-9s %2zu bytes a parameter %7.1f GB/s   x copy %s\n", name, floats_moved * sizeof(float),
              sides.rate(1).median / 1e9, to_string(sides.ratio(1, 0)).c_str());
}

} // namespace

int main(int argc, char** argv) {
  for (auto bytes : {bytes_in_cache(), bytes_in_memory}) {
    print_title("update rules against memcpy, " + std::to_string(bytes >> 10) + " KiB moved a pass (" +
                (bytes == bytes_in_memory ? "memory)" : "L2)"));
    for (const auto* name : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "ftrl"})
      measure(name, bytes, rounds_of(argc, argv, 9));
  }
}

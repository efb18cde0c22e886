// What a device reaches in a training step, by the code that workers and shards use.
//
//     drover_bench_devices [cpu|cuda:N] [ROUNDS]
//
// Limit of a step: its matrix products alone, and theirs a large square product. Of copies: the link. Of update rules:
// the device's memory, which a copy within it shows.

#include "drover/gpu/devices.hpp"

#include "drover/actors/worker_device.hpp"
#include "drover/models/rules/update_rule.hpp"

#include "tests/bench/device_step.hpp"
#include "tests/bench/measure.hpp"
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr double turn_seconds = 0.1;
constexpr std::size_t rule_bytes = std::size_t{1} << 29; ///< more than any cache holds

struct place {
  std::string name;
  std::size_t rounds;
  bool is_gpu;
};

// Calls a second. The first call, which is not counted, finds how often it takes to fill a turn.
std::function<double()> rate_of(std::function<void(std::size_t times)> work) {
  return [work = std::move(work), times = std::size_t{0}]() mutable {
    auto turn = [&work, &times] { return seconds_of([&work, &times] { work(times); }); };
    if (times == 0) {
      work(1); // what is made once
      for (times = 1; turn() < turn_seconds;)
        times *= 2;
    }
    return static_cast<double>(times) / turn();
  };
}

std::string title_of(const step_shape& shape) {
  return "a training step: " + shape.name();
}

// A matrix product that is large enough to show all that the device has.
std::size_t square_of(const place& where) {
  return where.is_gpu ? 8192 : 1024;
}

void measure_step(const place& where, const step_shape& shape) {
  print_title(title_of(shape));
  auto square = square_of(where);
  auto context = shape.context(where.name);
  training_steps steps{context};
  auto device = make_worker_device(context->what.read(), 0);
  products alone{*device};
  alone.add_step(shape);
  products large{*device};
  large.add_square(square);
  contest sides;
  sides.add("square product", rate_of([&large](std::size_t times) { large.run(times); }));
  sides.add("products alone", rate_of([&alone](std::size_t times) { alone.run(times); }));
  sides.add("forward, backward", rate_of([&steps](std::size_t times) { steps.on_device(times); }));
  sides.add("a worker's step", rate_of([&steps](std::size_t times) { steps.of_worker(times); }));
  sides.run(where.rounds);

  auto tera = [&sides, &shape](std::size_t side) { return sides.rate(side).median * shape.operations() / 1e12; };
  auto samples = [&sides, &shape](std::size_t side) {
    return sides.rate(side).median * static_cast<double>(shape.batch);
  };
  auto size = static_cast<double>(square);
  auto large_tera = 2 * size * size * size * sides.rate(0).median / 1e12;
  std::printf("%-18s %8.4g TFLOP/s of a product of %zu x %zu x %zu\n", "limit", large_tera, square, square, square);
  std::printf("%-18s %8.4g TFLOP/s, %.2f of the limit\n", sides.name(1).c_str(), tera(1), tera(1) / large_tera);
  std::printf("%-18s %8.4g TFLOP/s, %.4g samples/s; products alone take %s of it\n", sides.name(2).c_str(), tera(2),
              samples(2), to_string(sides.ratio(2, 1)).c_str());
  std::printf("%-18s %8.4g TFLOP/s, %.4g samples/s; forward and backward take %s of it\n", sides.name(3).c_str(),
              tera(3), samples(3), to_string(sides.ratio(3, 2)).c_str());
}

// Why a shape that is too large for some devices is not measured on this one; empty: it is.
std::string reason_to_leave_out(const place& where, const step_shape& shape) {
  if (!where.is_gpu)
    return "on a CPU it would take minutes";
  auto needed = shape.bytes() + 3 * square_of(where) * square_of(where) * sizeof(float);
  for (const auto& one : gpu::find_devices(true).devices)
    if (one.name == where.name && one.free_bytes < needed)
      return "it takes up to " + std::to_string(needed >> 20) + " MiB, and " + std::to_string(one.free_bytes >> 20) +
             " MiB are free";
  return "";
}

void measure_large_step(const place& where, std::uint32_t block_bytes) {
  step_shape shape{.sizes = {4096, 8192, 8192, 1024},
                   .batch = 1024,
                   .precision = messages::Precision::BF16,
                   .block_bytes = block_bytes};
  auto reason = reason_to_leave_out(where, shape);
  if (reason.empty()) {
    measure_step(where, shape);
  } else {
    print_title(title_of(shape));
    std::printf("   left out: %s\n", reason.c_str());
  }
}

void measure_copies(const place& where) {
  print_title("copies");
  if (!where.is_gpu) {
    std::printf("   left out: a CPU reads the memory in which parameters and gradients lie\n");
    return;
  }
  auto device = gpu::make_device(where.name);
  auto order = device->make_stream();
  for (std::size_t bytes : {std::size_t{1} << 20, std::size_t{1} << 26}) {
    bulk here{bytes / sizeof(float)};
    auto there = device->allocate(here.size());
    device->fill(*order, there.span(), 1);
    device->copy(*order, there.span(), here.values());
    order->synchronize();
    auto repeat = [&device, &order](std::span<const float> from, std::span<float> to) {
      return rate_of([&device, &order, from, to](std::size_t times) {
        for (std::size_t i = 0; i < times; ++i)
          device->copy(*order, from, to);
        order->synchronize();
      });
    };
    contest sides;
    sides.add("to the device", repeat(here.values(), there.span()));
    sides.add("back", repeat(there.span(), here.values()));
    sides.run(where.rounds);
    for (std::size_t side = 0; side < sides.size(); ++side)
      std::printf("%-18s %8.4g GB/s, %zu MiB each\n", sides.name(side).c_str(),
                  static_cast<double>(bytes) * sides.rate(side).median / 1e9, bytes >> 20);
  }
  std::printf("limit: the link. PCI Express with 16 lanes moves 16, 32 or 64 GB/s each way in generation 3, 4 or 5;\n"
              "memory that is not pinned, which messages are made of, goes through a buffer that is\n");
}

void measure_rule(const place& where, const char* name) {
  auto device = gpu::make_device(where.name);
  auto order = device->make_stream();
  auto rule = make_update_rule(name, {});
  // Parameters and state are read and written, the gradient is read.
  auto floats_moved = 2 + 2 * rule->state_slots() + 1;
  auto count = rule_bytes / (floats_moved * sizeof(float)) / 16 * 16;
  auto parameters = device->allocate(count);
  auto gradient = device->allocate(count);
  auto state = device->allocate(count * rule->state_slots());
  auto from = device->allocate(rule_bytes / sizeof(float) / 2);
  auto to = device->allocate(from.size());
  device->fill(*order, parameters.span(), 1);
  device->fill(*order, gradient.span(), 0.001f);
  device->fill(*order, state.span(), 0);
  device->fill(*order, from.span(), 1);
  device->fill(*order, to.span(), 2);
  order->synchronize();

  std::uint64_t updates = 0;
  contest sides;
  sides.add("copy", rate_of([&](std::size_t times) {
              for (std::size_t i = 0; i < times; ++i)
                device->copy(*order, from.span(), to.span());
              order->synchronize();
            }));
  sides.add(name, rate_of([&](std::size_t times) {
              for (std::size_t i = 0; i < times; ++i)
                rule->apply(*device, *order, {.learning_rate = 1e-6f, .count = ++updates}, parameters.span(),
                            gradient.span(), parameters.span(), state.span());
              order->synchronize();
            }));
  sides.run(where.rounds);
  // Both move as many bytes in a pass, to some floats.
  auto giga = [&sides](std::size_t side) { return static_cast<double>(rule_bytes) * sides.rate(side).median / 1e9; };
  std::printf("%-18s %8.4g GB/s x copy %s, which moves %.4g\n", name, giga(1), to_string(sides.ratio(1, 0)).c_str(),
              giga(0));
}

void measure(const place& where) {
  measure_step(where, {.sizes = {784, 256, 128, 10}, .batch = 128});
  measure_step(where, {.sizes = {784, 256, 128, 10}, .batch = 4096});
  for (std::uint32_t block_bytes : {1u << 20, 1u << 28}) // as jobs have them; whole matrices
    measure_large_step(where, block_bytes);
  measure_copies(where);
  print_title("update rules, bytes read and written, 512 MiB a pass; limit: a copy within the device");
  for (const auto* name : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "ftrl"})
    measure_rule(where, name);
}

} // namespace

int main(int argc, char** argv) {
  try {
    std::string name = argc > 1 ? argv[1] : "cpu";
    if (name == "cuda")
      name = "cuda:0";
    auto device = gpu::make_device(name);
    std::printf("on %s; medians and quartiles\n", device->description().c_str());
    measure({.name = name, .rounds = rounds_of(argc - 1, argv + 1, 9), .is_gpu = !device->reads_host_memory()});
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: %s\n", problem.what());
    return 1;
  }
}

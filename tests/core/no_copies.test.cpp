// What a pull and a push cost in memory, counted: this program's operator new counts for everything in it.

#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <atomic>
#include <cstdlib>
#include <new>

using namespace drover;

namespace {

std::atomic<std::size_t> bytes_allocated{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  bytes_allocated += bytes;
  auto rounded = (bytes + alignment - 1) / alignment * alignment;
  if (auto* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded))
    return memory;
  throw std::bad_alloc{};
}

} // namespace

// Where one of a pair is inlined, GCC 12 takes it for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  return counted(bytes, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  try {
    return counted(bytes, alignof(std::max_align_t));
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

TEST_CASE("in one process a pull copies no parameter bytes and a push no gradient bytes") {
  constexpr std::size_t floats = 1u << 20;
  constexpr std::uint64_t steps = 50;
  auto plan = test::plan_of({}, test::tensors_of({floats}), steps);
  auto device = gpu::make_cpu_device();
  shard_core shard{test::assignment_of(plan), plan.layout, *device};
  message_builder<messages::StartWorker> start;
  start->setJob(*plan.job.read());
  start->setEpoch(1);
  start->setShardOfBlock({0});
  start->setSteps(steps);
  start->setStepsPerEpoch(steps);
  start->setPushCredits(2);
  worker_core worker{start.finish(), plan.layout};
  auto gradient = std::make_shared<bulk>(floats);

  // Carries messages between the two, and answers computations, until nobody has anything to say.
  const auto before = bytes_allocated.load();
  std::uint64_t pushes = 0;
  auto from_worker = worker.start(0);
  while (!from_worker.empty()) {
    effects next;
    auto add = [&next](effects&& more) {
      for (auto& one : more)
        next.push_back(std::move(one));
    };
    for (auto& one : from_worker) {
      if (auto* request = std::get_if<compute_gradient>(&one)) {
        auto clock = request->clock;
        request->parameters = {}; // read, and let go
        add(worker.handle(gradient_computed{clock, {1.0, 0, 1}, 0, gradient}, 0));
        continue;
      }
      auto* letter = std::get_if<send>(&one);
      if (letter == nullptr || letter->to.kind != address::role::shard)
        continue;
      effects answers;
      if (auto* pull = std::get_if<message<messages::PullParameters>>(&letter->what))
        answers = shard.handle(*pull);
      else if (auto* push = std::get_if<message<messages::PushGradient>>(&letter->what)) {
        ++pushes;
        answers = shard.handle(*push);
      }
      for (auto& answer : answers) {
        auto& what = std::get<send>(answer).what;
        if (auto* pulled = std::get_if<message<messages::ParametersPulled>>(&what))
          add(worker.handle(std::exchange(*pulled, {}), 0));
        else if (auto* applied = std::get_if<message<messages::GradientApplied>>(&what))
          add(worker.handle(*applied, 0));
      }
    }
    from_worker = std::move(next);
  }
  REQUIRE(pushes == steps);
  auto bytes_a_step = (bytes_allocated.load() - before) / steps;
  MESSAGE("a pull and a push of " << floats * sizeof(float) << " bytes allocated " << bytes_a_step << " bytes");
  CHECK(bytes_a_step < floats * sizeof(float) / 100);
}

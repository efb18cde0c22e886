#include "drover/models/rules/update_rule.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/core/world.hpp"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

using namespace drover;

namespace {

const std::vector<std::size_t> sizes{7, 64, 33, 5, 20};

// A gradient that depends on everything it may depend on, and rounds.
void rough_gradient(std::uint32_t worker, std::uint64_t clock, const_parameters parameters, std::span<float> gradient) {
  const auto& layout = parameters.layout();
  for (std::size_t b = 0; b < layout.blocks().size(); ++b) {
    auto block = parameters.block(b);
    for (std::size_t i = 0; i < block.size(); ++i)
      gradient[layout.blocks()[b].offset + i] =
          0.3f * block[i] +
          std::sin(static_cast<float>(17 * worker + 5 * clock + 3 * b + i)) / (1.0f + static_cast<float>(i));
  }
}

std::vector<float> run(const test::small_job& job, std::uint64_t steps_per_epoch, std::uint64_t seed,
                       double duplicates = 0) {
  test::world world{test::plan_of(job, test::tensors_of(sizes), steps_per_epoch), rough_gradient, seed};
  world.duplicates = duplicates;
  REQUIRE(world.run());
  REQUIRE(world.result().summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
  return world.parameters();
}

// The loop that a textbook would write, over one flat range without shards, actors or messages.
std::vector<float> sequential(const char* rule_name, float rate, std::uint32_t workers, std::uint64_t steps) {
  parameter_layout layout{test::tensors_of(sizes)};
  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  auto rule = make_update_rule(rule_name, {});
  std::vector<float> flat(layout.flat_size(), 0.0f);
  std::vector<float> state(rule->state_slots() * flat.size(), 0.0f);
  auto pointers = block_pointers<const float>(layout, flat.data());
  for (std::uint64_t t = 0; t < steps; ++t) {
    std::vector<float> sum(flat.size(), 0.0f);
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      std::vector<float> one(flat.size(), 0.0f);
      rough_gradient(worker, t, {layout, pointers}, one);
      if (worker == 0)
        sum = one;
      else
        std::ranges::transform(sum, one, sum.begin(), std::plus{});
    }
    if (workers > 1)
      for (auto& value : sum)
        value *= 1.0f / static_cast<float>(workers);
    rule->apply(*device, *stream, {.learning_rate = rate, .count = t + 1}, flat, sum, flat, state);
  }
  std::vector<float> result;
  for (const auto& block : layout.blocks())
    result.insert(result.end(), flat.begin() + static_cast<std::ptrdiff_t>(block.offset),
                  flat.begin() + static_cast<std::ptrdiff_t>(block.offset + block.size));
  return result;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

constexpr auto ADAM = messages::Optimizer::ADAM;
constexpr auto NESTEROV = messages::Optimizer::NESTEROV;

} // namespace

TEST_CASE("asp with one worker is sequential SGD, bit for bit") {
  auto expected = sequential("sgd", 0.1f, 1, 40);
  CHECK(same_bits(run({.consistency = "asp"}, 40, 1), expected));
  CHECK(same_bits(run({.consistency = "asp", .shards = 4}, 40, 2), expected));
  CHECK(same_bits(run({.consistency = "ssp:2", .shards = 2}, 40, 3), expected));
}

TEST_CASE(
    "bsp is large-batch SGD that sums in the order of the workers, bit for bit, for any shards and any schedule") {
  for (std::uint32_t workers : {2u, 3u, 5u}) {
    auto expected = sequential("sgd", 0.1f, workers, 20);
    for (std::uint32_t shards : {1u, 2u, 4u})
      for (std::uint64_t seed = 0; seed < 5; ++seed)
        CHECK(same_bits(run({.consistency = "bsp", .workers = workers, .shards = shards}, 20, seed), expected));
  }
}

TEST_CASE("bsp is bitwise the same for 1, 2 and 4 shards under rules with state") {
  for (auto [optimizer, name] : {std::pair{ADAM, "adam"}, std::pair{NESTEROV, "nesterov"}}) {
    auto expected = sequential(name, 0.01f, 3, 20);
    for (std::uint32_t shards : {1u, 2u, 4u})
      CHECK(same_bits(
          run({.consistency = "bsp", .optimizer = optimizer, .learning_rate = 0.01, .workers = 3, .shards = shards}, 20,
              7),
          expected));
  }
}

TEST_CASE("messages delivered twice change nothing") {
  auto expected = sequential("sgd", 0.1f, 3, 20);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    CHECK(same_bits(run({.consistency = "bsp", .workers = 3, .shards = 2}, 20, seed, 0.3), expected));
}

// Real runs against the loop that a textbook would write: the same bits.

#include "drover/actors/cluster.hpp"
#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/gradient_computer.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

using namespace drover;
using messages::Summary;

namespace {

// The loop of a textbook: the gradients of all workers of a step, summed in their order, and one update of everything.
std::vector<float> sequential(const job& what, const dataset_pair& data) {
  auto context = job_context::make(what, standard_models(), data);
  auto view = context->what.read();
  const auto& layout = *context->plan.layout;
  std::vector<gradient_computer> computers;
  for (std::uint32_t worker = 0; worker < view.getWorkers(); ++worker)
    computers.emplace_back(context, worker);
  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  auto rules = job_rules::of(view, context->plan.steps, context->plan.steps_per_epoch);
  bulk parameters{layout.flat_size()};
  std::ranges::fill(parameters.values(), 0.0f);
  auto pointers = block_pointers<const float>(layout, parameters.values().data());
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    initialize(layout, block, view.getSeed(), parameters.values().data() + layout.blocks()[block].offset);
  std::vector<float> state(rules.rule->state_slots() * layout.flat_size(), 0.0f);
  for (std::uint64_t t = 0; t < context->plan.steps; ++t) {
    auto sum = std::make_unique<bulk>(layout.flat_size());
    for (std::size_t worker = 0; worker < computers.size(); ++worker) {
      auto one = computers[worker].compute(t, {layout, pointers});
      if (worker == 0)
        device->copy(*stream, one.gradient->values(), sum->values());
      else
        device->accumulate(*stream, one.gradient->values(), sum->values());
    }
    if (computers.size() > 1)
      device->scale(*stream, sum->values(), 1.0f / static_cast<float>(computers.size()));
    rules.rule->apply(*device, *stream, {.learning_rate = rules.schedule.at(t), .count = t + 1}, parameters.values(),
                      sum->values(), parameters.values(), state);
  }
  std::vector<float> result;
  for (const auto& block : layout.blocks()) {
    auto values = parameters.values().subspan(block.offset, block.size);
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

} // namespace

TEST_CASE("what lies between a gradient's tensors is 0, whatever its memory held before") {
  auto job = test::blob_job();
  job->setModel("mlp:5"); // nothing in it is a multiple of the alignment
  auto context = job_context::make(job, standard_models(), test::blob_data());
  const auto& layout = *context->plan.layout;
  gradient_computer computer{context, 0};
  bulk parameters{layout.flat_size()};
  std::ranges::fill(parameters.values(), 0.1f);
  auto pointers = block_pointers<const float>(layout, parameters.values().data());
  const float* used = nullptr;
  {
    auto first = computer.compute(0, {layout, pointers});
    used = first.gradient->values().data();
    std::ranges::fill(std::const_pointer_cast<bulk>(first.gradient)->values(), 7.0f);
  }
  auto second = computer.compute(1, {layout, pointers});
  REQUIRE(second.gradient->values().data() == used);
  std::vector<bool> in_tensor(layout.flat_size());
  for (const auto& slab : layout.slabs())
    std::fill_n(in_tensor.begin() + static_cast<std::ptrdiff_t>(slab.offset), slab.size, true);
  REQUIRE(std::ranges::count(in_tensor, false) > 0);
  REQUIRE(layout.blocks().size() < layout.slabs().size());
  for (std::size_t i = 0; i < in_tensor.size(); ++i)
    if (!in_tensor[i])
      CHECK(second.gradient->values()[i] == 0);
}

TEST_SUITE_BEGIN("system");

TEST_CASE("asp with one worker is sequential training, bit for bit") {
  auto job = test::blob_job();
  job->setConsistency("asp");
  job->setWorkers(1);
  auto expected = sequential(job, test::blob_data());
  for (std::uint32_t shards : {1u, 3u}) {
    job->setShards(shards);
    auto result = test::checked_train(job, test::with(test::blob_data()));
    CHECK(same_bits(test::flat(*result.parameters), expected));
  }
}

TEST_CASE(
    "bsp is bitwise the same for 1, 2 and 4 shards and any number of threads, and the same as large-batch training") {
  auto job = test::blob_job();
  job->setConsistency("bsp");
  job->setWorkers(3);
  job->setOptimizer(messages::Optimizer::NESTEROV);
  job->setClipNorm(1);
  job->setSchedule(messages::Schedule::COSINE);
  auto expected = sequential(job, test::blob_data());
  for (std::uint32_t shards : {1u, 2u, 4u})
    for (std::uint32_t threads : {1u, 2u, 5u}) {
      job->setShards(shards);
      job->setSchedulerThreads(threads);
      auto result = test::checked_train(job, test::with(test::blob_data()));
      CHECK(result.summary.read()->getOutcome() == Summary::Outcome::COMPLETED);
      CHECK(same_bits(test::flat(*result.parameters), expected));
    }
}

TEST_SUITE_END();

#include "drover/actors/job_objective.hpp"

#include "drover/actors/evaluate.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/messages/bulk.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <cstring>
#include <vector>

using namespace drover;

namespace {

struct some_parameters {
  explicit some_parameters(const parameter_layout& layout) : memory(layout.flat_size()) {
    for (std::size_t i = 0; i < memory.size(); ++i)
      memory.values()[i] = 0.01f * static_cast<float>(i % 37) - 0.2f;
    pointers = block_pointers<const float>(layout, memory.values().data());
  }
  bulk memory;
  std::vector<const float*> pointers;
};

bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

} // namespace

TEST_CASE("simulated workers compute the bits of real ones, whoever computed before and however steps are mixed") {
  auto what = test::blob_job();
  what->setWorkers(3);
  for (double clip_norm : {0.0, 0.05}) {
    what->setClipNorm(clip_norm);
    auto context = job_context::make(what, standard_models(), test::blob_data());
    const auto& layout = *context->plan.layout;
    some_parameters parameters{layout};
    job_objective objective{context};
    std::vector<gradient_computer> computers;
    for (std::uint32_t worker = 0; worker < 3; ++worker)
      computers.emplace_back(context, worker);
    const std::pair<std::uint32_t, std::uint64_t> steps[]{{0, 0}, {2, 0}, {2, 1}, {0, 1}, {1, 0}, {2, 50}, {1, 49}};
    for (auto [worker, clock] : steps) {
      auto real = computers[worker].compute(clock, {layout, parameters.pointers});
      auto simulated = objective.compute(worker, {clock, {context->plan.layout, parameters.pointers, {}}});
      CHECK(same_bits(simulated.gradient->values(), real.gradient->values()));
      CHECK(simulated.result.loss_sum == real.result.loss_sum);
      CHECK(simulated.norm == real.norm);
      CHECK(simulated.clock == clock);
    }
  }
}

TEST_CASE("simulated parameters are tested on the job's test samples") {
  auto context = job_context::make(test::blob_job(), standard_models(), test::blob_data());
  const auto& layout = *context->plan.layout;
  some_parameters parameters{layout};
  auto device = gpu::make_cpu_device();
  auto learned = context->make_model(*device);
  auto expected = evaluate(*learned, *context->data.test, sample_kind::features, {layout, parameters.pointers});
  auto result = job_objective{context}.evaluate({layout, parameters.pointers});
  CHECK(result.loss_sum == expected.loss_sum);
  CHECK(result.correct == expected.correct);
  CHECK(result.samples == 400);
}

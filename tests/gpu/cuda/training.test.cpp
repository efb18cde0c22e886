#include "drover/actors/clipped_gradient.hpp"
#include "drover/gpu/devices.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/gpu/values.hpp"
#include <algorithm>

namespace drover {

TEST_CASE("at every step of a training the GPU's gradient is the CPU's, as far as the order of sums goes") {
  auto what = test::blob_job();
  auto context = job_context::make(what, standard_models(), test::blob_data());
  const auto& layout = *context->plan.layout;
  clipped_gradient here{context, 1};
  clipped_gradient there{context, 1, gpu::make_device("cuda")};
  auto batches = context->batches_of(0);
  bulk parameters{layout.flat_size()};
  std::ranges::fill(parameters.values(), 0.0f);
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    initialize(layout, block, 1, parameters.values().data() + layout.blocks()[block].offset);
  auto pointers = block_pointers<const float>(layout, parameters.values().data());
  for (std::uint64_t step = 0; step < 100; ++step) {
    const auto& samples = batches.at(step);
    auto expected = here.compute(samples, step, {layout, pointers});
    auto result = there.compute(samples, step, {layout, pointers});
    CHECK(result.result.correct == expected.result.correct);
    CHECK(result.result.loss_sum == doctest::Approx(expected.result.loss_sum).epsilon(1e-5));
    double worst = 0;
    for (std::size_t i = 0; i < layout.flat_size(); ++i) {
      worst = std::max(worst, test::distance(result.gradient->values()[i], expected.gradient->values()[i]));
      parameters.values()[i] -= 0.1f * expected.gradient->values()[i];
    }
    CHECK(worst < 1e-5);
  }
}

TEST_CASE("GPU and CPU workers learn in one job, several on one GPU") {
  auto what = test::blob_job();
  what->setWorkers(4);
  what->setDevices("cuda:0,cpu,cuda:0,cpu");
  what->setEpochs(5);
  auto result = test::checked_train(what, test::with(test::blob_data()));
  CHECK(result.summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(result.summary.read()->getTestAccuracy() > 0.9);
}

} // namespace drover

#include "drover/actors/clipped_gradient.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/gpu/apart_device.hpp"
#include <algorithm>
#include <cstring>

namespace drover {

TEST_CASE("a device with memory of its own computes the CPU's gradients, clipped or not, to the bit") {
  for (double limit : {0.0, 0.05}) {
    auto what = test::blob_job();
    what->setModel("mlp:5,7"); // nothing in it is a multiple of the alignment
    what->setActivation(messages::Activation::GELU);
    what->setClipNorm(limit);
    auto context = job_context::make(what, standard_models(), test::blob_data());
    const auto& layout = *context->plan.layout;
    clipped_gradient here{context, 1};
    clipped_gradient there{context, 1, std::make_unique<test::apart_device>()};
    auto batches = context->batches_of(0);
    bulk parameters{layout.flat_size()};
    auto pointers = block_pointers<const float>(layout, parameters.values().data());
    for (std::uint64_t step = 0; step < 3; ++step) {
      // Other ones each time, and what lies between them is no zero.
      std::ranges::fill(parameters.values(), 0.1f * static_cast<float>(step + 1));
      const auto& samples = batches.at(step);
      auto expected = here.compute(samples, step, {layout, pointers});
      auto result = there.compute(samples, step, {layout, pointers});
      CHECK(result.norm == expected.norm);
      CHECK(result.result.loss_sum == expected.result.loss_sum);
      CHECK(result.result.correct == expected.result.correct);
      CHECK(std::memcmp(result.gradient->values().data(), expected.gradient->values().data(),
                        layout.flat_size() * sizeof(float)) == 0);
    }
  }
}

} // namespace drover

#include "drover/actors/sim/quadratic.hpp"

#include "drover/models/random.hpp"

#include <algorithm>

namespace drover::sim {

namespace {

// Gradients that are let go of, kept for the next ones.
constexpr std::size_t spare_gradients = 256;

} // namespace

quadratic::quadratic(std::shared_ptr<const parameter_layout> layout, std::uint64_t seed, float noise)
    : layout_(std::move(layout)), seed_(random_bits::key(seed, "quadratic")), noise_(noise), pool_(spare_gradients) {}

float quadratic::optimum(std::size_t block, std::size_t i) const {
  return static_cast<float>(random_bits::symmetric(random_bits::at(seed_, (block << 32) + i)));
}

gradient_computed quadratic::compute(std::uint32_t worker, std::uint64_t clock, const_parameters parameters) {
  auto memory = pool_.take(layout_->flat_size());
  auto gradient = memory->values();
  std::ranges::fill(gradient, 0.0f);
  auto noise = random_bits::key(seed_, "noise", worker, clock);
  double loss = 0;
  std::size_t count = 0;
  for (std::size_t block = 0; block < layout_->blocks().size(); ++block) {
    auto values = parameters.block(block);
    auto to = gradient.subspan(layout_->blocks()[block].offset, values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto off = values[i] - optimum(block, i);
      to[i] = off + noise_ * static_cast<float>(random_bits::symmetric(random_bits::at(noise, count++)));
      loss += 0.5 * off * off;
    }
  }
  return {.clock = clock,
          .result = {.loss_sum = loss / static_cast<double>(count), .correct = 0, .samples = 1},
          .norm = 0,
          .gradient = std::move(memory)};
}

batch_result quadratic::evaluate(const_parameters parameters) {
  double loss = 0;
  std::size_t count = 0;
  for (std::size_t block = 0; block < layout_->blocks().size(); ++block) {
    auto values = parameters.block(block);
    for (std::size_t i = 0; i < values.size(); ++i, ++count) {
      auto off = values[i] - optimum(block, i);
      loss += 0.5 * off * off;
    }
  }
  return {.loss_sum = loss / static_cast<double>(count), .correct = 0, .samples = 1};
}

} // namespace drover::sim

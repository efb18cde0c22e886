#include "drover/actors/sim/quadratic.hpp"

#include "drover/models/random.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace drover::sim {

namespace {

// Gradients that are let go of, kept for the next ones.
constexpr std::size_t spare_gradients = 256;

} // namespace

quadratic::quadratic(std::shared_ptr<const parameter_layout> layout, std::uint64_t seed, float noise)
    : layout_(std::move(layout)), seed_(random_bits::key(seed, "quadratic")), noise_(noise), pool_(spare_gradients) {}

float quadratic::optimum(std::size_t tensor, std::size_t element) const {
  return static_cast<float>(random_bits::symmetric(random_bits::at(seed_, (tensor << 32) + element)));
}

std::vector<row_keys> quadratic::rows_of(std::uint32_t worker, std::uint64_t clock, const slice_lease& lease) const {
  std::vector<row_keys> result(layout_->key_spaces());
  for (const auto& table : layout_->tables()) {
    if (result[table.key_space])
      continue;
    auto drawn = random_bits::key(random_bits::key(seed_, "rows", table.key_space), "rows", worker, clock);
    for (const auto& lost : lease.slices)
      drawn = random_bits::key(drawn, "leased", lost.slice, lease.pieces);
    auto keys = std::make_shared<std::vector<std::uint64_t>>();
    for (std::uint64_t key = 0; key < table.rows; ++key)
      if (random_bits::at(drawn, key) % 2 == 0)
        keys->push_back(key);
    result[table.key_space] = std::move(keys);
  }
  return result;
}

std::vector<row_keys> quadratic::list_rows(std::uint32_t worker, const drover::list_rows& request) {
  return rows_of(worker, request.clock, request.lease);
}

gradient_computed quadratic::compute(std::uint32_t worker, const compute_gradient& request) {
  auto parameters = request.parameters.view();
  const auto& rows = request.rows;
  auto noise = random_bits::key(seed_, "noise", worker, request.clock);
  double loss = 0;
  std::size_t count = 0;
  auto slope = [&](float value, std::size_t tensor, std::size_t element) {
    auto off = value - optimum(tensor, element);
    loss += 0.5 * off * off;
    return off + noise_ * static_cast<float>(random_bits::symmetric(random_bits::at(noise, count++)));
  };
  gradient_computed result{.clock = request.clock, .result = {}, .norm = 0, .gradient = nullptr};
  if (layout_->flat_size() != 0) {
    auto memory = pool_.take(layout_->flat_size());
    auto gradient = memory->values();
    std::ranges::fill(gradient, 0.0f);
    for (const auto& slab : layout_->slabs()) {
      const auto& tensor = layout_->tensors()[slab.tensor];
      auto values = parameters.block(slab.block).subspan(slab.offset - layout_->blocks()[slab.block].offset, slab.size);
      for (std::size_t i = 0; i < slab.size; ++i)
        gradient[slab.offset + i] = slope(values[i], slab.tensor, slab.row_first * tensor.row_size() + i);
    }
    result.gradient = std::move(memory);
  }
  auto listed = rows_of(worker, request.clock, request.lease);
  for (std::size_t table = 0; table < rows.size(); ++table) {
    const auto& what = layout_->tables()[table];
    const auto& keys = *listed[what.key_space];
    auto values = rows[table]->values();
    if (values.size() != std::max<std::size_t>(1, keys.size()) * what.width)
      throw std::logic_error("the rows of step " + std::to_string(request.clock) + " are not those that were listed");
    auto memory = pool_.take(values.size());
    for (std::size_t i = 0; i < keys.size() * what.width; ++i)
      memory->values()[i] = slope(values[i], what.tensor, keys[i / what.width] * what.width + i % what.width);
    result.rows.push_back(std::move(memory));
  }
  result.result = {.loss_sum = loss / static_cast<double>(std::max<std::size_t>(1, count)), .correct = 0, .samples = 1};
  return result;
}

batch_result quadratic::evaluate(const_parameters parameters) {
  double loss = 0;
  std::size_t count = 0;
  const auto& layout = parameters.layout();
  for (const auto& slab : layout.slabs()) {
    const auto& tensor = layout.tensors()[slab.tensor];
    auto values = parameters.block(slab.block).subspan(slab.offset - layout.blocks()[slab.block].offset, slab.size);
    for (std::size_t i = 0; i < slab.size; ++i, ++count) {
      auto off = values[i] - optimum(slab.tensor, slab.row_first * tensor.row_size() + i);
      loss += 0.5 * off * off;
    }
  }
  return {.loss_sum = loss / static_cast<double>(count), .correct = 0, .samples = 1};
}

} // namespace drover::sim

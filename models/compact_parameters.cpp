#include "drover/models/compact_parameters.hpp"

#include <algorithm>

namespace drover {

namespace {

/// Dense tensors are cut where `layout` cuts them, so that each slab is found there; a table's rows lie together.
parameter_layout compacted(const parameter_layout& layout, std::span<const row_keys> keys) {
  std::vector<tensor_spec> tensors{layout.tensors().begin(), layout.tensors().end()};
  for (const auto& table : layout.tables()) {
    auto& tensor = tensors[table.tensor];
    tensor.shape.front() = std::max<std::size_t>(1, keys[table.key_space]->size());
    tensor.split_by_rows = false;
  }
  return parameter_layout{std::move(tensors), layout.block_bytes_max()};
}

} // namespace

compact_parameters::compact_parameters(const parameter_layout& layout, std::span<const row_keys> keys)
    : layout_(layout), compact_(compacted(layout, keys)) {}

} // namespace drover

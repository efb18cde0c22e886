#pragma once

#include "drover/models/layout.hpp"
#include "drover/models/parameters.hpp"
#include "drover/models/row_keys.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace drover {

/// Where the parameters of a step with a compact_batch lie: dense tensors as everywhere, and each table as a tensor of
/// the rows that the step needs. Made for one step; its views are valid as long as it and the memory.
class compact_parameters {
public:
  /// `keys`: one list a key space of `layout`, as of compact_batch.
  compact_parameters(const parameter_layout& layout, std::span<const row_keys> keys);

  /// `dense`: one pointer a block of the layout. `rows`: one a table, to `floats(table)` floats, 64-byte aligned.
  template <class Float>
  [[nodiscard]] basic_parameters<Float> view(std::span<Float* const> dense, std::span<Float* const> rows,
                                             std::vector<Float*>& memory) const {
    memory.clear();
    for (std::size_t tensor = 0, table = 0; tensor < layout_.tensors().size(); ++tensor)
      if (table < layout_.tables().size() && layout_.tables()[table].tensor == tensor) {
        memory.push_back(rows[table++]);
      } else {
        for (const auto& slab : layout_.slabs_of(tensor))
          memory.push_back(dense[slab.block] + (slab.offset - layout_.blocks()[slab.block].offset));
      }
    return {compact_, memory};
  }

  /// Floats of a table here: at least one row, for a tensor without any cannot be.
  [[nodiscard]] std::size_t floats(std::size_t table) const {
    return compact_.tensors()[layout_.tables()[table].tensor].size();
  }

private:
  const parameter_layout& layout_;
  parameter_layout compact_;
};

} // namespace drover

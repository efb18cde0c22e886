#pragma once

#include "drover/models/layout.hpp"
#include "drover/models/parameters.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// All parameters of a model at one moment. Shares the memory of the shards (later updates go elsewhere), so it costs
/// nothing to take and keep until the shards move on. Immutable; may be read from any thread.
class model_snapshot {
public:
  /// Empty: only to be assigned to.
  model_snapshot() = default;
  model_snapshot(std::shared_ptr<const parameter_layout> layout, std::vector<const float*> blocks,
                 std::vector<std::shared_ptr<const void>> owners)
      : layout_(std::move(layout)), blocks_(std::move(blocks)), owners_(std::move(owners)) {}

  [[nodiscard]] const parameter_layout& layout() const { return *layout_; }
  /// Valid as long as this object.
  [[nodiscard]] const_parameters view() const { return {*layout_, blocks_}; }

private:
  std::shared_ptr<const parameter_layout> layout_;
  std::vector<const float*> blocks_;
  std::vector<std::shared_ptr<const void>> owners_;
};

} // namespace drover

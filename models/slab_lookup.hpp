#pragma once

#include "drover/models/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace drover {

/// Single rows of a tensor that may lie in several slabs. Valid as long as the view that it is made of.
template <class Float>
class slab_lookup {
public:
  slab_lookup(basic_parameters<Float> parameters, std::size_t tensor)
      : width_(parameters.layout().tensors()[tensor].row_size()) {
    for (std::size_t i = 0; i < parameters.slabs(tensor); ++i) {
      auto slab = parameters.slab_of(tensor, i);
      starts_.push_back(slab.values.data());
      rows_ = static_cast<std::uint32_t>(slab.rows);
    }
    // The first slabs may have a row more than the last, see parameter_layout.
    for (std::size_t i = 0; i < starts_.size() && parameters.slab_of(tensor, i).rows != rows_; ++i)
      ++larger_;
  }

  /// The first float of a row.
  [[nodiscard]] Float& operator[](std::uint32_t row) const {
    if (starts_.size() == 1)
      return starts_.front()[row * width_];
    auto border = larger_ * (rows_ + 1);
    if (row < border)
      return starts_[row / (rows_ + 1)][row % (rows_ + 1) * width_];
    return starts_[larger_ + (row - border) / rows_][(row - border) % rows_ * width_];
  }

private:
  std::size_t width_;
  std::uint32_t rows_ = 1;   ///< of the last slab
  std::uint32_t larger_ = 0; ///< slabs that have one more
  std::vector<Float*> starts_;
};

} // namespace drover

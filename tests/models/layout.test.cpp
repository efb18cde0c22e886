#include "drover/models/layout.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace drover {

namespace {

tensor_spec matrix(std::string name, std::size_t rows, std::size_t columns, bool split = true) {
  return {std::move(name), {rows, columns}, {}, split};
}

} // namespace

TEST_CASE("blocks cover each tensor's rows once and in order, never split a row and are even in size") {
  for (std::size_t rows : {1u, 2u, 7u, 100u})
    for (std::size_t columns : {1u, 5u, 16u, 333u})
      for (std::size_t bytes : {1u, 64u, 1000u, 4096u, 1u << 20}) {
        const parameter_layout layout({matrix("a", rows, columns), matrix("b", columns, rows)}, bytes);
        std::size_t end = 0;
        for (std::size_t tensor = 0; tensor < 2; ++tensor) {
          auto [first, last] = layout.blocks_of(tensor);
          auto row_size = layout.tensors()[tensor].row_size();
          std::size_t next_row = 0, fewest = SIZE_MAX, most = 0;
          for (auto i = first; i < last; ++i) {
            const auto& block = layout.blocks()[i];
            CHECK(block.tensor == tensor);
            CHECK(block.row_first == next_row);
            CHECK(block.rows >= 1);
            CHECK(block.size == block.rows * row_size);
            CHECK((block.size * sizeof(float) <= bytes || block.rows == 1));
            CHECK(block.offset % parameter_layout::alignment == 0);
            CHECK(block.offset >= end);
            CHECK(block.offset < end + parameter_layout::alignment);
            end = block.offset + block.size;
            next_row += block.rows;
            fewest = std::min(fewest, block.rows);
            most = std::max(most, block.rows);
          }
          CHECK(next_row == layout.tensors()[tensor].rows());
          CHECK(most - fewest <= 1);
        }
        CHECK(layout.flat_size() >= end);
        CHECK(layout.flat_size() % parameter_layout::alignment == 0);
        CHECK(layout.parameters() == 2 * rows * columns);
      }
}

TEST_CASE("a tensor that must not be split is one block, whatever its size") {
  const parameter_layout layout({matrix("whole", 100, 100, false), matrix("cut", 100, 100)}, 400);
  CHECK(layout.blocks_of(0).last - layout.blocks_of(0).first == 1);
  CHECK(layout.blocks_of(1).last - layout.blocks_of(1).first == 100);
}

TEST_CASE("tensors that make no layout are refused with a sentence") {
  CHECK_THROWS_WITH_AS(parameter_layout({}), "a layout needs at least one tensor", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({matrix("a", 1, 1), matrix("a", 1, 1)}),
                       "two tensors are named a: names must differ", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({matrix("", 1, 1)}), "a tensor has an empty name: each needs one of its own",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({matrix("a", 1, 0)}), "tensor a has an extent of 0: at least 1 is needed",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({{"a", {}, {}, false}}), "tensor a has no extents: at least one is needed",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({matrix("a", SIZE_MAX / 2, 3)}),
                       "tensor a has more elements than memory can address", std::invalid_argument);
  CHECK_THROWS_WITH_AS(parameter_layout({matrix("big", 1024, 1024 * 1024, false)}),
                       "tensor big needs a block of 4294967296 bytes: at most 536870912 are allowed",
                       std::invalid_argument);
  CHECK_NOTHROW(parameter_layout({matrix("big", 1024, 1024 * 1024)}));
}

} // namespace drover

#include "drover/models/layout.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace drover {

namespace {

tensor_spec matrix(std::string name, std::size_t rows, std::size_t columns, bool split = true) {
  return {std::move(name), {rows, columns}, {}, split};
}

} // namespace

TEST_CASE("slabs cover each tensor's rows once and in order, never split a row and are even in size") {
  for (std::size_t rows : {1u, 2u, 7u, 100u})
    for (std::size_t columns : {1u, 5u, 16u, 333u})
      for (std::size_t bytes : {1u, 64u, 1000u, 4096u, 1u << 20}) {
        const parameter_layout layout({matrix("a", rows, columns), matrix("b", columns, rows)}, bytes);
        std::size_t end = 0;
        for (std::size_t tensor = 0; tensor < 2; ++tensor) {
          auto row_size = layout.tensors()[tensor].row_size();
          std::size_t next_row = 0, fewest = SIZE_MAX, most = 0;
          for (const auto& slab : layout.slabs_of(tensor)) {
            CHECK(slab.tensor == tensor);
            CHECK(slab.row_first == next_row);
            CHECK(slab.rows >= 1);
            CHECK(slab.size == slab.rows * row_size);
            CHECK((slab.size * sizeof(float) <= bytes || slab.rows == 1));
            CHECK(slab.offset % parameter_layout::alignment == 0);
            CHECK(slab.offset >= end);
            CHECK(slab.offset < end + parameter_layout::alignment);
            end = slab.offset + slab.size;
            next_row += slab.rows;
            fewest = std::min(fewest, slab.rows);
            most = std::max(most, slab.rows);
          }
          CHECK(next_row == layout.tensors()[tensor].rows());
          CHECK(most - fewest <= 1);
        }
        CHECK(layout.flat_size() >= end);
        CHECK(layout.flat_size() % parameter_layout::alignment == 0);
        CHECK(layout.parameters() == 2 * rows * columns);
      }
}

TEST_CASE("a tensor that must not be split is one slab, whatever its size") {
  const parameter_layout layout({matrix("whole", 100, 100, false), matrix("cut", 100, 100)}, 400);
  CHECK(layout.slabs_of(0).size() == 1);
  CHECK(layout.slabs_of(1).size() == 100);
}

TEST_CASE("small neighbours share a block, unless that leaves too few blocks or one too large") {
  const parameter_layout apart({matrix("w1", 256, 784), matrix("b1", 256, 1), matrix("w2", 128, 256),
                                matrix("b2", 128, 1), matrix("w3", 10, 128)});
  auto offsets = [](const parameter_layout& layout) {
    std::vector<std::size_t> result;
    for (const auto& slab : layout.slabs())
      result.push_back(slab.offset);
    return result;
  };
  REQUIRE(apart.blocks().size() == 5);
  auto joined = apart.joined(2);
  REQUIRE(joined.blocks().size() == 2);
  CHECK(joined.blocks()[0].slab_last == 2);
  CHECK(joined.blocks()[0].size == 256 * 784 + 256);
  CHECK(joined.blocks()[1].slab_first == 2);
  CHECK(joined.blocks()[1].offset == joined.slabs()[2].offset);
  CHECK(joined.blocks()[1].size == 128 * 256 + 128 + 10 * 128);
  CHECK(joined.slabs()[4].block == 1);
  CHECK(offsets(joined) == offsets(apart));
  CHECK(joined.flat_size() == apart.flat_size());
  CHECK(apart.joined(3).blocks().size() == 5);

  const parameter_layout tight({matrix("w", 10, 100), matrix("b", 10, 1)}, 4000);
  CHECK(tight.joined(1).blocks().size() == 2);
}

TEST_CASE("a block's initial values are those of its tensors, wherever they lie, with zeros between") {
  auto drawn = [](std::string name, std::size_t rows) {
    return tensor_spec{std::move(name), {rows, 3}, {initializer::kind::normal, 1}, true};
  };
  const parameter_layout apart({drawn("a", 5), drawn("b", 7)});
  auto joined = apart.joined(1);
  REQUIRE(joined.blocks().size() == 1);
  std::vector<float> together(joined.blocks()[0].size, 1);
  initialize(joined, 0, 9, together.data());
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& slab = apart.slabs()[i];
    std::vector<float> alone(slab.size);
    initialize(apart, i, 9, alone.data());
    CHECK(std::equal(alone.begin(), alone.end(), together.begin() + static_cast<std::ptrdiff_t>(slab.offset)));
  }
  CHECK(together[15] == 0);
}

TEST_CASE(
    "tensors with rows of their own become tables beside the flat range, those of the same owners with the same keys") {
  const std::vector<tensor_spec> tensors{{"users", {7, 3}, {}, true, row_owner::user},
                                         {"dense", {40, 8}, {}, true},
                                         {"user.bias", {7}, {}, true, row_owner::user},
                                         {"items", {5, 3}, {}, true, row_owner::item}};
  auto layout = parameter_layout::with_tables(tensors, 512);
  REQUIRE(layout.tables().size() == 3);
  CHECK(layout.key_spaces() == 2);
  CHECK(layout.tables()[0].key_space == layout.tables()[1].key_space);
  CHECK(layout.tables()[2].key_space != layout.tables()[0].key_space);
  CHECK(layout.tables()[1].tensor == 2);
  CHECK(layout.tables()[0].rows == 7);
  CHECK(layout.tables()[0].width == 3);
  CHECK(layout.slabs_of(0).empty());
  CHECK(layout.slabs_of(1).size() == parameter_layout(tensors, 512).slabs_of(1).size());
  CHECK(layout.flat_size() == parameter_layout({tensors[1]}, 512).flat_size());
  CHECK(layout.parameters() == layout.dense().parameters());
  CHECK(layout.dense().tables().empty());
}

TEST_CASE("tensors that make no layout are refused with a sentence") {
  CHECK_THROWS_WITH_AS(parameter_layout(std::vector<tensor_spec>{}), "a layout needs at least one tensor",
                       std::invalid_argument);
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

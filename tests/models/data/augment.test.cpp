#include "drover/models/data/augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace drover {

namespace {

const data_shape shape{.features = 24, .classes = 1, .height = 3, .width = 4, .channels = 2};

/// Pixel values that tell row, column and channel: 100 row + 10 column + channel + 1.
std::vector<float> picture() {
  std::vector<float> result;
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      for (int channel = 0; channel < 2; ++channel)
        result.push_back(static_cast<float>(100 * row + 10 * column + channel + 1));
  return result;
}

std::vector<float> augmented(const augmentation& how, std::uint64_t key) {
  auto image = picture();
  std::vector<float> scratch(image.size());
  augment(image, shape, how, key, scratch);
  return image;
}

/// The picture after a shift and then perhaps a mirroring of what it shows.
std::vector<float> expected(int down, int right, bool mirrored) {
  auto from = picture();
  std::vector<float> result(from.size());
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      for (int channel = 0; channel < 2; ++channel) {
        int source_row = row - down, source_column = column - right;
        if (source_row < 0 || source_row >= 3 || source_column < 0 || source_column >= 4)
          continue;
        if (mirrored)
          source_column = 3 - source_column;
        result[static_cast<std::size_t>((row * 4 + column) * 2 + channel)] =
            from[static_cast<std::size_t>((source_row * 4 + source_column) * 2 + channel)];
      }
  return result;
}

} // namespace

TEST_CASE("shifting and mirroring reach every combination and nothing else") {
  std::set<std::vector<float>> possible, seen;
  for (int down = -1; down <= 1; ++down)
    for (int right = -1; right <= 1; ++right)
      for (bool mirrored : {false, true})
        possible.insert(expected(down, right, mirrored));
  for (std::uint64_t key = 0; key < 500; ++key)
    seen.insert(augmented({.shift_pixels = 1, .flip = true}, key));
  CHECK(seen == possible);
}

TEST_CASE("mirroring alone takes about every second image") {
  int mirrored = 0;
  for (std::uint64_t key = 0; key < 1000; ++key)
    mirrored += augmented({.flip = true}, key) != picture();
  CHECK(mirrored > 400);
  CHECK(mirrored < 600);
}

TEST_CASE("a shift beyond the image leaves it empty or partly there, never reads outside") {
  bool empty = false;
  for (std::uint64_t key = 0; key < 100; ++key) {
    auto image = augmented({.shift_pixels = 9}, key);
    empty = empty || std::ranges::all_of(image, [](float value) { return value == 0; });
  }
  CHECK(empty);
}

TEST_CASE("a key always does the same") {
  const augmentation how{.shift_pixels = 2, .flip = true};
  CHECK(augmented(how, 5) == augmented(how, 5));
}

} // namespace drover

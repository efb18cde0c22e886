#pragma once

#include "drover/models/data/dataset.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

namespace drover::test {

/// The data set, or nothing where it is not installed: then ctest shows the tests that need it as skipped.
inline std::optional<dataset_pair> fashion_mnist() {
  const std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("SKIPPED: Fashion-MNIST is not installed");
    return std::nullopt;
  }
  return load_data({.data = folder});
}

} // namespace drover::test

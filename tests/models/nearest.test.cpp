#include "drover/models/nearest.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace drover {

TEST_CASE("the nearest word is the one with the fewest changes") {
  const std::vector<std::string> words = {"softmax", "mlp", "adagrad", "adam", "adamw"};
  CHECK(nearest("sofmax", words) == "softmax");
  CHECK(nearest("mpl", words) == "mlp");
  CHECK(nearest("adamW", words) == "adamw");
  CHECK(nearest("adgrad", words) == "adagrad");
  CHECK(nearest("", words) == "mlp");
  CHECK(nearest("anything", {}).empty());
  CHECK(joined(words) == "softmax, mlp, adagrad, adam, adamw");
}

} // namespace drover

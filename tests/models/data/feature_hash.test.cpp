#include "drover/models/data/feature_hash.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

namespace drover {

TEST_CASE("FNV-1a gives the values that its authors publish") {
  CHECK(fnv_1a("") == 0xcbf29ce484222325);
  CHECK(fnv_1a("a") == 0xaf63dc4c8601ec8c);
  CHECK(fnv_1a("foobar") == 0x85944171f73967e8);
  CHECK(fnv_1a("bar", fnv_1a("foo")) == fnv_1a("foobar"));
  CHECK(fnv_1a("\xff") == 0xaf64724c8602eb6e); // bytes are not negative, whatever a char is
}

TEST_CASE("mixing is the finalizer of MurmurHash3") {
  CHECK(mixed_bits(0) == 0);
  CHECK(mixed_bits(1) == 0xb456bcfc34c2cb2c);
  CHECK(mixed_bits(2) == 0x3abf2a20650683e7);
}

TEST_CASE("a feature's hash is the same on every machine, and tells its namespace from its name") {
  CHECK(feature_namespace{"ab"}("c") != feature_namespace{"a"}("bc"));
  CHECK(feature_namespace{""}("abc") != feature_namespace{"abc"}(""));
  CHECK(feature_namespace{"a"}("b") != feature_namespace{"b"}("a"));
  CHECK(feature_namespace{"user"}("42") == mixed_bits(fnv_1a("42", mixed_bits(fnv_1a("user")))));
  CHECK(feature_namespace{"user"}("42") == 0x36545e0416898cbc);
}

TEST_CASE("features of a row ascend by their lowest bits, and those of the same ones are added") {
  hashed_row row{4};
  row.add(0x1f, 1);
  row.add(0x23, 2);
  row.add(0xfffffffffffffff3, 0.5f);
  row.add(0x5, 0);
  sparse_rows rows;
  CHECK(row.write(rows));
  CHECK(rows.columns == std::vector<std::uint32_t>{3, 15});
  CHECK(rows.values == std::vector<float>{2.5f, 1});
  row.clear();
  CHECK(row.write(rows));
  CHECK(rows.columns.size() == 2);
}

TEST_CASE("what is added does not depend on the order in which features come") {
  const std::vector<float> values{1e30f, -1e30f, 1, 7};
  std::vector<float> sums;
  for (std::size_t first = 0; first < values.size(); ++first) {
    hashed_row row{1};
    for (std::size_t i = 0; i < values.size(); ++i)
      row.add(0, values[(first + i) % values.size()]);
    sparse_rows rows;
    CHECK(row.write(rows));
    sums.push_back(rows.values.front());
  }
  CHECK(sums == std::vector<float>(values.size(), sums.front()));
}

TEST_CASE("values that are more than a float holds when added are told") {
  hashed_row row{1};
  row.add(0, std::numeric_limits<float>::max());
  row.add(2, std::numeric_limits<float>::max());
  sparse_rows rows;
  CHECK(!row.write(rows));
}

} // namespace drover

#include "drover/messages/bulk.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>

using drover::bulk;
using drover::bulk_pool;

TEST_CASE("bulk memory is aligned and its padding is zero") {
  for (std::size_t count : {0, 1, 15, 16, 17, 1000}) {
    bulk memory{count};
    CHECK(reinterpret_cast<std::uintptr_t>(memory.values().data()) % bulk::alignment == 0);
    auto padded = (count * sizeof(float) + bulk::alignment - 1) / bulk::alignment * bulk::alignment;
    auto bytes = reinterpret_cast<const unsigned char*>(memory.values().data());
    for (auto i = count * sizeof(float); i < padded; ++i)
      CHECK(bytes[i] == 0);
  }
}

TEST_CASE("a pool gives back what was let go of, and only what nobody holds") {
  bulk_pool pool{2};
  auto first = pool.take(100);
  auto address = first.get();
  auto other = pool.take(100);
  CHECK(other.get() != address);
  first.reset();
  CHECK(pool.take(100).get() == address);
  CHECK(pool.take(101)->size() == 101);
}

TEST_CASE("memory outlives the pool it came from") {
  std::shared_ptr<bulk> kept;
  {
    bulk_pool pool{1};
    kept = pool.take(8);
  }
  std::memset(kept->values().data(), 0, 8 * sizeof(float));
  CHECK(kept->values()[7] == 0);
}

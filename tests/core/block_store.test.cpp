#include "drover/actors/core/block_store.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/gpu/apart_device.hpp"
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

struct fixture {
  parameter_layout layout{test::tensors_of({3, 100})};
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  std::unique_ptr<const update_rule> rule = make_update_rule("sgd", {});
  std::unique_ptr<const compensation> none = make_no_compensation();
  block_store store{layout, {0, 1}, 1, *rule, *none, *device};
  std::vector<float> gradient = std::vector<float>(100, 1.0f);
};

} // namespace

TEST_CASE_FIXTURE(fixture, "a device that does not read host memory is refused: blocks lie there") {
  test::apart_device apart;
  CHECK_THROWS_WITH_AS((block_store{layout, {0, 1}, 1, *rule, *none, apart}),
                       "a shard computes in host memory, which a device apart does not read: only the CPU can be "
                       "used yet",
                       std::logic_error);
}

TEST_CASE_FIXTURE(fixture, "an update in place copies nothing") {
  auto before = store.lend(1).get();
  store.apply(1, gradient, {}, 0.5f);
  CHECK(store.lend(1).get() == before);
  CHECK(store.renewed() == 0);
  CHECK(before[99] == -0.5f);
}

TEST_CASE_FIXTURE(fixture, "what a reader was lent does not change, and the next reader gets the new values") {
  auto reader = store.lend(1);
  store.apply(1, gradient, {}, 0.5f);
  CHECK(reader.get()[99] == 0.0f);
  auto next = store.lend(1);
  CHECK(next.get() != reader.get());
  CHECK(next.get()[99] == -0.5f);
  CHECK(store.renewed() == 1);
}

TEST_CASE_FIXTURE(fixture, "two readers between updates share the memory") {
  auto one = store.lend(1);
  auto other = store.lend(1);
  CHECK(one.get() == other.get());
  one.reset();
  store.apply(1, gradient, {}, 0.5f);
  CHECK(store.renewed() == 1);
  CHECK(other.get()[0] == 0.0f);
}

TEST_CASE_FIXTURE(fixture, "a mean of gradients is summed in the order given") {
  std::vector<float> a(3, 1e8f);
  std::vector<float> b(3, 1.0f);
  std::vector<float> c(3, -1e8f);
  std::vector<const float*> gradients{a.data(), b.data(), c.data()};
  store.apply_mean(0, gradients, 1.0f);
  CHECK(store.lend(0).get()[0] == -(((1e8f + 1.0f) - 1e8f) * (1.0f / 3.0f)));
}

TEST_CASE_FIXTURE(fixture, "a block that is not here has no position") {
  CHECK(store.position(1) == 1);
  CHECK(store.position(2) == store.size());
}

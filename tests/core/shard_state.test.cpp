#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// What a shard holds, and another that goes on from it.

using namespace drover;

namespace {

training_plan plan_of(test::small_job job) {
  job.workers = 2;
  return test::plan_of(job, test::tensors_of({5, 1, 33}), 100);
}

std::vector<float> values_of(shard_core& shard) {
  auto out = shard.handle(message_builder<messages::TakeSnapshot>{}.finish());
  auto view = std::get<message<messages::SnapshotTaken>>(std::get<send>(out.at(0)).what).read();
  std::vector<float> result;
  for (auto block : view->getBlocks()) {
    auto bytes = block.getValues();
    auto first = result.size();
    result.resize(first + bytes.size() / sizeof(float));
    std::memcpy(result.data() + first, bytes.begin(), bytes.size());
  }
  return result;
}

struct one_shard {
  explicit one_shard(const training_plan& of)
      : plan(of), core(std::make_unique<shard_core>(test::assignment_of(plan), plan.layout, *device)) {}

  // In the place of another that stands still.
  void go_on_from(const shard_core& former) {
    core = std::make_unique<shard_core>(test::assignment_of(plan), plan.layout, *device);
    core->restore(former.state());
    while (auto first = core->missing_value())
      core->restore(former.values(*first));
    core->thaw();
  }

  training_plan plan;
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  std::unique_ptr<shard_core> core;
};

std::string refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const protocol_error& refused) {
    return refused.what();
  }
  return "";
}

} // namespace

TEST_CASE("a shard that moves after every event computes the same bits, under every update rule") {
  using messages::Compensation;
  using messages::Optimizer;
  for (auto optimizer : {Optimizer::SGD, Optimizer::MOMENTUM, Optimizer::ADAGRAD, Optimizer::RMSPROP, Optimizer::ADAM})
    for (auto compensation : {Compensation::NONE, Compensation::DC_ASGD, Compensation::DC_ASGD_ADAPTIVE}) {
      CAPTURE(optimizer);
      CAPTURE(compensation);
      auto plan = plan_of({.compensation = compensation, .optimizer = optimizer});
      one_shard stays{plan};
      one_shard moves{plan};
      auto both = [&](const auto& event) {
        auto expected = stays.core->handle(event);
        auto found = moves.core->handle(event);
        REQUIRE(found.size() == expected.size());
        moves.core->freeze();
        moves.go_on_from(*std::exchange(moves.core, nullptr));
        REQUIRE(values_of(*moves.core) == values_of(*stays.core));
        REQUIRE(moves.core->version() == stays.core->version());
      };
      for (std::uint64_t step = 0; step < 6; ++step) {
        for (std::uint32_t worker : {0u, 1u})
          both(test::pull_of(worker, step));
        for (std::uint32_t worker : {0u, 1u})
          both(test::push_of(plan, {.worker = worker,
                                    .sequence = step + 1,
                                    .clock = step,
                                    .version = 2 * step,
                                    .value = 0.1f * static_cast<float>(step + worker)}));
        if (step == 3)
          both(test::membership_of(2, {0, 1}));
      }
    }
}

TEST_CASE("a shard that stands still says nothing, and goes on where it was") {
  one_shard one{plan_of({})};
  one.core->freeze();
  CHECK(one.core->handle(test::pull_of(0, 0)).empty());
  CHECK(one.core->handle(test::push_of(one.plan, {})).empty());
  CHECK(one.core->handle(test::membership_of(2, {0})).empty());
  CHECK(one.core->handle(message_builder<messages::TakeReport>{}.finish()).empty());
  one.core->thaw();
  CHECK(one.core->version() == 0);
  CHECK(one.core->handle(test::push_of(one.plan, {})).size() == 1);
}

TEST_CASE("a push that was kept for its clock is repeated after a move, and counts once") {
  one_shard one{plan_of({.consistency = "bsp"})};
  CHECK(one.core->handle(test::push_of(one.plan, {.worker = 0})).empty());
  one.core->freeze();
  one.go_on_from(*std::exchange(one.core, nullptr));
  CHECK(one.core->handle(test::push_of(one.plan, {.worker = 1})).empty());
  CHECK(one.core->handle(test::push_of(one.plan, {.worker = 0})).size() == 2);
  CHECK(one.core->version() == 1);
}

TEST_CASE("what cannot be a shard's is refused with a sentence") {
  one_shard one{plan_of({})};
  (void)one.core->handle(test::push_of(one.plan, {}));
  one.core->freeze();
  auto state = one.core->state();
  auto fresh = [&] {
    return std::make_unique<shard_core>(test::assignment_of(one.plan), one.plan.layout, *one.device);
  };
  auto refused = [&](const std::function<void(messages::ShardState::Builder)>& spoil) {
    message_builder<messages::ShardState> spoilt{*state.read()};
    spoil(spoilt.root());
    return refusal([&] { fresh()->restore(spoilt.finish()); });
  };
  CHECK(refused([](auto) {}).empty());
  CHECK(refused([](auto of) { of.getReport().setShard(7); }) == "shard 0 cannot go on here: it is shard 7 that comes");
  CHECK(refused([](auto of) { of.initUpdates(2); }) == "shard 0 cannot go on here: 2 blocks come, and it has 3");
  CHECK(refused([](auto of) { of.initLives(1); }).find("its report is not of the workers") != std::string::npos);
  CHECK(refused([](auto of) { of.getLives()[1].setWorker(0); }).find("out of order") != std::string::npos);
  CHECK(refused([](auto of) { of.getLives()[0].disownAcknowledgement(); }).find("was not answered") !=
        std::string::npos);
  CHECK(refused([](auto of) { of.getLives()[0].initBackups(1); }).find("cannot have read for 1 steps") !=
        std::string::npos);
  CHECK(refused([](auto of) { of.getReport().getWorkers()[0].setStalenessMax(9); }).find("do not add up") !=
        std::string::npos);

  auto arriving = fresh();
  arriving->restore(state);
  CHECK(arriving->missing_value() == 0);
  auto piece = one.core->values(0);
  message_builder<messages::ShardValues> late{*piece.read()};
  late->setFirst(1);
  CHECK(refusal([&] { arriving->restore(late.finish()); }).find("are not what comes next") != std::string::npos);
  arriving->restore(piece);
  CHECK_FALSE(arriving->missing_value());
  CHECK(refusal([&] { arriving->restore(piece); }).find("are not what comes next") != std::string::npos);
  CHECK(refusal([&] { (void)one.core->values(39); }) == "shard 0 was asked for value 39 of 39");
}

TEST_CASE("a shard that is larger than one piece arrives in several") {
  auto plan = test::plan_of({.workers = 2}, test::tensors_of({700'000, 400'000}), 100);
  one_shard one{plan};
  (void)one.core->handle(test::push_of(plan, {.value = 3}));
  auto before = values_of(*one.core);
  one.core->freeze();
  auto former = std::exchange(one.core, nullptr);
  one.go_on_from(*former);
  CHECK(values_of(*one.core) == before);
  CHECK(former->values(600'000).read()->getValues().size() / sizeof(float) == 500'000);
}

TEST_CASE("a shard of many blocks that many workers pushed to arrives") {
  constexpr std::uint32_t workers = 100;
  auto plan = test::plan_of({.workers = workers}, test::tensors_of(std::vector<std::size_t>(300, 3)), 100);
  one_shard one{plan};
  for (std::uint64_t version = 0; version < workers; ++version) // stalenesses from 0 up
    (void)one.core->handle(test::push_of(plan, {.worker = static_cast<std::uint32_t>(version)}));
  auto before = values_of(*one.core);
  one.core->freeze();
  one.go_on_from(*std::exchange(one.core, nullptr));
  CHECK(one.core->version() == workers);
  CHECK(values_of(*one.core) == before);
}

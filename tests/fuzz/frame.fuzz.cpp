#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"

#include "tests/fuzz/any_message.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/target.hpp"
#include <algorithm>
#include <cstdlib>

using namespace drover;

namespace {

template <class Core, class Event>
concept takes = requires(Core& core, const Event& event) {
  core.handle(event);
};
template <class Core, class Event>
concept takes_at = requires(Core& core, const Event& event) {
  core.handle(event, 0.0);
};

message<messages::StartWorker> start_of(const training_plan& plan) {
  message_builder<messages::StartWorker> start;
  start->setShardOfBlock({plan.shard_of_block.data(), plan.shard_of_block.size()});
  start->setSteps(plan.steps);
  start->setPushCredits(1);
  return start.finish();
}

// Cores that have just begun.
struct members {
  training_plan plan = test::plan_of({}, test::tensors_of({4, 33}), 2);
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  shard_core shard{test::assignment_of(plan), plan.layout, *device};
  worker_core worker{start_of(plan), plan.layout};
  coordinator_core coordinator{plan};

  template <class T>
  void handle(const message<T>& what) {
    if constexpr (takes<shard_core, message<T>>)
      static_cast<void>(shard.handle(what));
    if constexpr (takes_at<worker_core, message<T>>) {
      static_cast<void>(worker.start(0));
      static_cast<void>(worker.handle(what, 1));
    }
    if constexpr (takes_at<coordinator_core, message<T>>) {
      static_cast<void>(coordinator.start(0));
      static_cast<void>(coordinator.handle(what, 1));
    }
  }
};

void check_flat_form(const frame& decoded, std::span<const std::byte> bytes) {
  auto again = decoded.flatten();
  // Bytes behind the message are passed over, and what fills the table to a whole word is not kept.
  if (again.size() > bytes.size() || frame::unflatten(again)->flatten() != again)
    std::abort();
}

} // namespace

// The first byte chooses a type, the rest is a message in the standard stream format.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto type = in.take<std::uint8_t>();
  auto bytes = in.take_rest();
  std::shared_ptr<const frame> decoded;
  try {
    decoded = frame::unflatten(bytes);
  } catch (const malformed_message&) {
    return 0;
  }
  check_flat_form(*decoded, bytes);
  fuzz::with_message_type(type, [&decoded]<class T>() {
    message<T> what{decoded};
    fuzz::read_message(what);
    members{}.handle(what);
  });
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  auto plan = test::plan_of({}, test::tensors_of({4, 33}), 2);
  std::vector<std::string> result;
  auto add = [&result](const auto& what) {
    auto bytes = what.segments().flatten();
    std::string text(bytes.size(), '\0');
    std::ranges::transform(bytes, text.begin(), [](std::byte byte) { return static_cast<char>(byte); });
    // Under every type: most structs read as another one, which is worth a try.
    for (char type = 0; type < 18; ++type)
      result.push_back(std::string{type} + text);
  };
  add(test::pull_of(0, 0));
  add(test::push_of(plan, {}));
  add(test::membership_of(2, {0, 1}));
  add(test::assignment_of(plan));
  add(start_of(plan));
  message_builder<messages::ParametersPulled> pulled;
  fuzz::fill_blocks(pulled, plan, 0, 1);
  add(pulled.finish());
  message_builder<messages::SnapshotTaken> snapshot;
  snapshot->setRequest(1);
  fuzz::fill_blocks(snapshot, plan, 0, 1);
  add(snapshot.finish());
  message_builder<messages::MemberFailed> failure;
  failure->setSentence("a sentence");
  add(failure.finish());
  message_builder<messages::Summary> summary;
  summary->initShards(1)[0].initWorkers(1)[0].setCounts({1, 2});
  add(summary.finish());
  return result;
}

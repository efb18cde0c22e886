#include "drover/actors/core/worker_core.hpp"

#include "tests/fuzz/check_effects.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <optional>

using namespace drover;

namespace {

constexpr std::uint8_t kinds = 9;
constexpr std::uint32_t shards = 2;

// One worker that lives through an input.
class game {
public:
  explicit game(fuzz::input& in) : in_(in), plan_(fuzz::take_plan(in, shards)), core_(assignment(1, 0), plan_.layout) {}

  void play() {
    check(core_.start(now_));
    while (!in_.empty())
      step();
  }

private:
  void step() {
    switch (in_.take<std::uint8_t>() % kinds) {
    case 0:
      return give(parameters());
    case 1: {
      message_builder<messages::GradientApplied> applied;
      applied->setEpoch(epoch_);
      applied->setShard(in_.take<std::uint8_t>());
      applied->setSequence(in_.take_count());
      applied->setStalenessSteps(in_.take_count());
      return give(applied.finish());
    }
    case 2:
      return give(message_builder<messages::StopTraining>{}.finish());
    case 3:
      return compute();
    case 4:
      return check(core_.handle(computation_failed{in_.take_text()}, now_));
    case 5:
      return try_assignment();
    case 6:
      now_ += in_.take<std::uint8_t>();
      return check(core_.handle(timer_fired{in_.take<std::uint8_t>()}, now_));
    case 7: {
      message_builder<messages::Dismiss> dismissal;
      dismissal->setEpoch(in_.take_count());
      dismissal->setFarewell(in_.take<std::uint8_t>() % 2 != 0);
      return give(dismissal.finish());
    }
    default:
      epoch_ = in_.take_count();
      return give(assignment(epoch_, in_.take_count()));
    }
  }

  message<messages::StartWorker> assignment(std::uint64_t epoch, std::uint64_t first) const {
    message_builder<messages::StartWorker> start;
    start->setJob(*plan_.job.read());
    start->setEpoch(epoch);
    start->setLife(life_);
    start->setStepFirst(first);
    start->setShardOfBlock({plan_.shard_of_block.data(), plan_.shard_of_block.size()});
    start->setSteps(plan_.steps);
    start->setStepsPerEpoch(plan_.steps_per_epoch);
    start->setPushCredits(plan_.job.read()->getPushCredits());
    return start.finish();
  }

  message<messages::ParametersPulled> parameters() {
    message_builder<messages::ParametersPulled> answer;
    auto shard = in_.take<std::uint8_t>();
    answer->setEpoch(epoch_);
    answer->setShard(shard);
    answer->setClock(in_.take_count());
    answer->setVersion(in_.take_count());
    fuzz::fill_blocks(answer, plan_, shard, 1);
    return answer.finish();
  }

  template <class T>
  void give(const message<T>& what) {
    if (auto mangled = fuzz::mangle(what, in_))
      check(core_.handle(*mangled, now_));
  }

  // The worker's own computation answers only where it was asked, and never wrongly.
  void compute() {
    if (!asked_)
      return;
    auto gradient = std::make_shared<bulk>(plan_.layout->flat_size());
    std::ranges::fill(gradient->values(), 1.0f);
    auto clock = *std::exchange(asked_, std::nullopt);
    check(core_.handle(gradient_computed{clock, {in_.take<double>(), 0, 1}, 0, gradient}, now_));
  }

  void check(const effects& out) {
    if (left_ && !out.empty())
      std::abort();
    fuzz::check_effects(out);
    for (const auto& one : out) {
      if (std::holds_alternative<leave>(one))
        left_ = true;
      if (const auto* letter = std::get_if<send>(&one))
        if (const auto* request = std::get_if<message<messages::JoinTraining>>(&letter->what)) {
          life_ = request->read()->getLife();
          asked_.reset(); // whoever computes for it lets go of a former life's step
        }
      if (const auto* request = std::get_if<compute_gradient>(&one)) {
        if (asked_ || request->clock != core_.clock())
          std::abort();
        asked_ = request->clock;
        read(request->parameters);
      }
    }
  }

  // Every parameter that is to be computed with must be there.
  static void read(const model_snapshot& parameters) {
    volatile float seen = 0;
    for (std::size_t i = 0; i < parameters.layout().blocks().size(); ++i)
      for (auto value : parameters.view().block(i))
        seen = value;
    static_cast<void>(seen);
  }

  // The assignment comes from outside as well.
  void try_assignment() {
    auto other = fuzz::mangle(assignment(1, 0), in_);
    if (!other)
      return;
    try {
      worker_core started{*other, plan_.layout};
      fuzz::check_effects(started.start(now_));
    } catch (const std::runtime_error&) { // protocol_error
    } catch (const kj::Exception&) {
    }
  }

  fuzz::input& in_;
  training_plan plan_;
  std::uint64_t epoch_ = 1; ///< of the last assignment
  std::uint64_t life_ = 0;  ///< that it told of
  double now_ = 0;
  worker_core core_;
  std::optional<std::uint64_t> asked_; ///< to compute, for which step
  bool left_ = false;
};

} // namespace

// Three bytes choose a job; then events: a kind, its fields, and what is to be changed in the message's bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  game{in}.play();
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  using namespace std::string_literals;
  auto step = [](char clock) {
    std::string result;
    for (char shard : {0, 1})
      result += "\0"s + shard + clock + "\0\0"s;
    result += "\3\0\0\0\0\0\0\xf0\x3f"s;
    for (char shard : {0, 1})
      result += "\1"s + shard + static_cast<char>(clock + 1) + "\0\0"s;
    return result;
  };
  std::vector<std::string> result;
  for (char rules : {0, 28}) {
    auto job = "\0"s + rules + "\0"s;
    result.push_back(job + step(0) + step(1) + step(2) + step(3));
    result.push_back(job + step(0) + "\2\0"s + step(1));
    result.push_back(job + step(0) + "\4\3bad"s);
    result.push_back(job + "\5\0"s);
    result.push_back(job + step(0) + "\6\2\1\6\40\1"s + step(1));
    result.push_back(job + step(0) + "\7\1\0\0\6\2\1\x08\2\0\0"s + step(0) + step(1));
  }
  return result;
}

#include "drover/actors/core/shard_core.hpp"

#include "drover/actors/core/protocol_error.hpp"

#include "tests/fuzz/check_effects.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>

using namespace drover;

namespace {

constexpr std::uint8_t kinds = 7;

// One shard that lives through an input.
class game {
public:
  explicit game(fuzz::input& in) : in_(in), plan_(fuzz::take_plan(in, 1)) {}

  void play() {
    while (!in_.empty())
      step();
  }

private:
  void step() {
    switch (in_.take<std::uint8_t>() % kinds) {
    case 0: {
      auto worker = worker_index();
      return give(test::pull_of(worker, in_.take_count(), in_.take_count()));
    }
    case 1:
      return give(push());
    case 2:
      return give(membership());
    case 3: {
      message_builder<messages::TakeSnapshot> request;
      request->setRequest(in_.take_count());
      return give(request.finish());
    }
    case 4:
      return give(message_builder<messages::TakeReport>{}.finish());
    case 5:
      return move();
    default:
      return start_again();
    }
  }

  std::uint32_t worker_index() { return static_cast<std::uint32_t>(in_.take_count()); }

  message<messages::PushGradient> push() {
    test::push_fields fields;
    fields.worker = worker_index();
    fields.sequence = in_.take_count();
    fields.clock = in_.take_count();
    fields.version = in_.take_count();
    fields.epoch = in_.take_count();
    fields.value = in_.take<float>();
    return test::push_of(plan_, fields);
  }

  message<messages::ChangeMembership> membership() {
    auto epoch = in_.take_count();
    std::vector<std::uint32_t> members(in_.take<std::uint8_t>() % 5);
    for (auto& member : members)
      member = worker_index();
    return test::membership_of(epoch, members, in_.take_count());
  }

  template <class T>
  void give(const message<T>& what) {
    auto mangled = fuzz::mangle(what, in_);
    if (!mangled)
      return;
    auto before = core_->version();
    auto out = core_->handle(*mangled);
    fuzz::check_effects(out);
    // A new membership lets held messages through, and one may be refused where another was applied.
    auto single = !std::is_same_v<T, messages::ChangeMembership>;
    auto refused = single && fuzz::sends<messages::MemberFailed>(out);
    if (core_->version() < before || (refused && core_->version() != before))
      std::abort();
  }

  // What it holds comes from another process, which may say anything.
  void move() {
    core_->freeze();
    try {
      auto next = std::make_unique<shard_core>(test::assignment_of(plan_), plan_.layout, *device_);
      if (auto state = fuzz::mangle(core_->state(), in_))
        next->restore(*state);
      while (auto first = next->missing_value())
        if (auto piece = fuzz::mangle(core_->values(*first), in_))
          next->restore(*piece);
        else
          break;
      if (!next->missing_value())
        core_ = std::move(next);
    } catch (const protocol_error&) {
    } catch (const kj::Exception&) {
    }
    core_->thaw();
  }

  // The assignment comes from outside as well.
  void start_again() {
    auto assignment = fuzz::mangle(test::assignment_of(plan_), in_);
    if (!assignment)
      return;
    try {
      core_ = std::make_unique<shard_core>(*assignment, plan_.layout, *device_);
    } catch (const std::runtime_error&) { // protocol_error
    } catch (const std::invalid_argument&) {
    } catch (const kj::Exception&) {
    }
  }

  fuzz::input& in_;
  training_plan plan_;
  std::unique_ptr<gpu::device> device_ = gpu::make_cpu_device();
  std::unique_ptr<shard_core> core_ = std::make_unique<shard_core>(test::assignment_of(plan_), plan_.layout, *device_);
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
  auto pull = [](char worker, char clock) { return "\0"s + worker + clock + "\1\0"s; };
  auto push = [](char worker, char sequence, char clock, char version) {
    return "\1"s + worker + sequence + clock + version + "\1\0\0\x80\x3f\0"s;
  };
  auto join = "\2\2\3\0\1\2\0\0"s;
  auto leave = "\2\3\1\0\0\0"s;
  auto report = "\4\0"s;
  auto steps = pull(0, 0) + pull(1, 0) + push(0, 1, 0, 0) + push(1, 1, 0, 0) + push(1, 1, 0, 0) + pull(0, 1) + report;
  std::vector<std::string> result;
  for (char mode = 0; mode < 5; ++mode)
    for (char rules : {0, 5, 13, 20, 27, 34})
      result.push_back(std::string{mode, rules, 1} + steps + "\3\7\0"s + join + push(2, 1, 0, 0) + leave + report +
                       "\5\0\0"s + pull(0, 1) + "\6\0"s);
  return result;
}

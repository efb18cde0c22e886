#include "drover/actors/core/worker_core.hpp"

#include "drover/actors/core/key_lists.hpp"

#include "tests/fuzz/check_effects.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/row_lists.hpp"
#include "tests/fuzz/target.hpp"
#include <array>
#include <cstdlib>
#include <map>
#include <optional>

using namespace drover;

namespace {

constexpr std::uint8_t kinds = 11;
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
    case 7:
      return list();
    case 8: {
      message_builder<messages::Dismiss> dismissal;
      dismissal->setEpoch(in_.take_count());
      dismissal->setFarewell(in_.take<std::uint8_t>() % 2 != 0);
      return give(dismissal.finish());
    }
    case 9:
      return give(lease());
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

  message<messages::LeaseSlices> lease() {
    message_builder<messages::LeaseSlices> told;
    told->setEpoch(epoch_);
    told->setNumber(in_.take_count());
    told->setPiece(in_.take<std::uint8_t>() % 4);
    told->setPieces(in_.take<std::uint8_t>() % 4);
    for (auto slice : told->initSlices(in_.take<std::uint8_t>() % 4)) {
      slice.setWorker(in_.take<std::uint8_t>() % 4);
      slice.setFrom(in_.take_count());
    }
    return told.finish();
  }

  message<messages::ParametersPulled> parameters() {
    message_builder<messages::ParametersPulled> answer;
    auto shard = in_.take<std::uint8_t>();
    answer->setEpoch(epoch_);
    answer->setShard(shard);
    auto clock = in_.take_count();
    answer->setClock(clock);
    answer->setVersion(in_.take_count());
    fuzz::fill_blocks(answer, plan_, shard, 1);
    std::vector<std::size_t> counts(plan_.layout->key_spaces());
    if (auto listed = listed_.find(clock); listed != listed_.end())
      for (std::size_t space = 0; space < counts.size(); ++space)
        counts[space] = fuzz::part_of(*listed->second[space], shard, shards).keys->size();
    auto rows = fuzz::rows_for(plan_, counts, 1);
    put_rows(std::span<const shared_bulk>{rows}, answer);
    return answer.finish();
  }

  template <class T>
  void give(const message<T>& what) {
    if (auto mangled = fuzz::mangle(what, in_))
      check(core_.handle(*mangled, now_));
  }

  // The worker's own computation answers only where it was asked, and never wrongly.
  void list() {
    if (!to_list_)
      return;
    auto clock = *std::exchange(to_list_, std::nullopt);
    std::vector<row_keys> lists;
    for (auto rows : fuzz::rows_of_spaces(plan_))
      lists.push_back(std::make_shared<const std::vector<std::uint64_t>>(fuzz::take_keys(in_, rows)));
    listed_[clock] = lists;
    check(core_.handle(rows_listed{clock, lists}, now_));
  }

  void compute() {
    if (!asked_)
      return;
    auto gradient = std::make_shared<bulk>(plan_.layout->flat_size());
    std::ranges::fill(gradient->values(), 1.0f);
    auto clock = *std::exchange(asked_, std::nullopt);
    auto loss = in_.take<double>();
    check(core_.handle(gradient_computed{clock, {loss, 0, 1}, 0, gradient, std::exchange(rows_, {})}, now_));
  }

  void check(const effects& out) {
    if (left_ && !out.empty())
      std::abort();
    fuzz::check_effects(out);
    for (const auto& one : out) {
      if (std::holds_alternative<leave>(one))
        left_ = true;
      if (const auto* letter = std::get_if<send>(&one)) {
        if (const auto* request = std::get_if<message<messages::JoinTraining>>(&letter->what)) {
          life_ = request->read()->getLife();
          // Whoever computes for it lets go of a former life's step.
          asked_.reset();
          to_list_.reset();
        }
        hear(*letter);
      }
      if (const auto* request = std::get_if<list_rows>(&one))
        to_list_ = request->clock;
      if (const auto* request = std::get_if<compute_gradient>(&one)) {
        if (asked_ || request->clock != core_.clock())
          std::abort();
        asked_ = request->clock;
        fuzz::read_parameters(request->parameters);
        check_rows(*request);
      }
    }
  }

  // All rows that were listed have come, and their gradients are as many.
  void check_rows(const compute_gradient& request) {
    auto tables = plan_.layout->tables();
    if (request.rows.size() != tables.size())
      std::abort();
    rows_ = request.rows;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      auto count = listed_.at(request.clock)[tables[table].key_space]->size();
      if (rows_[table]->size() != std::max<std::size_t>(1, count) * tables[table].width)
        std::abort();
      volatile float seen = 0;
      for (auto value : rows_[table]->values())
        seen = value;
      static_cast<void>(seen);
    }
  }

  // A shard that hears all that this worker says must understand its keys: what it throws ends the program.
  void hear(const send& letter) {
    auto shard = letter.to.index;
    if (letter.to.kind != address::role::shard || shard >= shards)
      return;
    auto take = [&](std::uint64_t clock, const auto& source, auto keys) {
      return heard_[shard].take(clock, keys, source.shared_segments(), {*plan_.layout, shard, shards}, "the worker");
    };
    if (const auto* pull = std::get_if<message<messages::PullParameters>>(&letter.what)) {
      auto view = pull->read();
      static_cast<void>(take(view->getClock(), *pull, view->getKeys()));
    } else if (const auto* push = std::get_if<message<messages::PushGradient>>(&letter.what)) {
      auto view = push->read();
      auto lists = take(view->getClock(), *push, view->getKeys());
      if (lists.size() != plan_.layout->key_spaces())
        return;
      std::vector<std::size_t> counts;
      for (const auto& list : lists)
        counts.push_back(list->keys.size());
      static_cast<void>(drover::check_rows(view->getRows(), *plan_.layout, counts, "the worker"));
    }
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
    } catch (const std::invalid_argument&) {
    } catch (const kj::Exception&) {
    }
  }

  fuzz::input& in_;
  training_plan plan_;
  std::uint64_t epoch_ = 1; ///< of the last assignment
  std::uint64_t life_ = 0;  ///< that it told of
  double now_ = 0;
  worker_core core_;
  std::optional<std::uint64_t> asked_;                    ///< to compute, for which step
  std::optional<std::uint64_t> to_list_;                  ///< the same of rows to list
  std::map<std::uint64_t, std::vector<row_keys>> listed_; ///< by step
  std::vector<shared_bulk> rows_;                         ///< to compute with
  std::array<recent_keys, shards> heard_;
  bool left_ = false;
};

} // namespace

// Five bytes choose a job; then events: a kind, its fields, and what is to be changed in the message's bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  game{in}.play();
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  using namespace std::string_literals;
  // Steps of a model with so many key spaces.
  auto step_of = [](int spaces, char clock) {
    auto result = spaces == 0 ? ""s : "\7"s;
    for (int space = 0; space < spaces; ++space)
      result += "\5\xff\1"s;
    for (char shard : {0, 1})
      result += "\0"s + shard + clock + "\0\0"s;
    result += "\3\0\0\0\0\0\0\xf0\x3f"s;
    for (char shard : {0, 1})
      result += "\1"s + shard + static_cast<char>(clock + 1) + "\0\0"s;
    return result;
  };
  std::vector<std::string> result;
  for (char rules : {0, 28})
    for (char model = 0; model < 4; ++model) {
      auto job = std::string{0, rules, 0, model, 0};
      auto step = [&](char clock) { return step_of(model == 0 ? 0 : model == 3 ? 2 : 1, clock); };
      result.push_back(job + step(0) + step(1) + step(2) + step(3));
      result.push_back(job + step(0) + "\2\0"s + step(1));
      result.push_back(job + step(0) + "\4\3bad"s);
      result.push_back(job + "\5\0"s);
      result.push_back(job + step(0) + "\6\2\1\6\40\1"s + step(1));
      result.push_back(job + step(0) + "\x08\1\0\0\6\2\1\x09\2\0\0"s + step(0) + step(1));
    }
  return result;
}

#include "drover/actors/core/shard_core.hpp"

#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/snapshot_gathering.hpp"

#include "tests/fuzz/check_effects.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/row_lists.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>

using namespace drover;

namespace {

constexpr std::uint8_t kinds = 8;

// One shard that lives through an input.
class game {
public:
  explicit game(fuzz::input& in) : in_(in), plan_(fuzz::take_plan(in, 1)) {
    for (std::size_t space = 0; space < plan_.layout->key_spaces(); ++space)
      lists_.push_back(fuzz::sign({}));
  }

  void play() {
    while (!in_.empty())
      step();
  }

private:
  void step() {
    switch (in_.take<std::uint8_t>() % kinds) {
    case 0:
      return give(pull());
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
    case 6:
      return choose_lists();
    default:
      return start_again();
    }
  }

  std::uint32_t worker_index() { return static_cast<std::uint32_t>(in_.take_count()); }

  // The lists of pulls and pushes to come. Their signatures are always right: what mangles a list cannot forge one.
  void choose_lists() {
    auto rows = fuzz::rows_of_spaces(plan_);
    auto how = in_.take<std::uint8_t>() % 4;
    for (std::size_t space = 0; space < rows.size(); ++space) {
      auto keys = fuzz::take_keys(in_, how == 3 ? ~std::uint64_t{0} : rows[space]);
      if (how == 2)
        std::ranges::reverse(keys);
      lists_[space] = fuzz::sign(std::move(keys));
    }
  }

  template <class T>
  void put_lists(message_builder<T>& into) {
    auto is_told = in_.take<std::uint8_t>() % 2 != 0;
    put_keys(std::span<const signed_keys>{lists_}, is_told ? signatures_of(lists_) : std::vector<std::uint64_t>{},
             into);
  }

  message<messages::PullParameters> pull() {
    message_builder<messages::PullParameters> pull;
    pull->setWorker(worker_index());
    pull->setClock(in_.take_count());
    pull->setEpoch(in_.take_count());
    put_lists(pull);
    return pull.finish();
  }

  message<messages::PushGradient> push() {
    message_builder<messages::PushGradient> push;
    push->setWorker(worker_index());
    push->setSequence(in_.take_count());
    push->setClock(in_.take_count());
    push->setVersion(in_.take_count());
    push->setEpoch(in_.take_count());
    auto value = in_.take<float>();
    fuzz::fill_blocks(push, plan_, 0, value);
    put_lists(push);
    auto rows = fuzz::rows_for(plan_, fuzz::counts_of(lists_), value);
    put_rows(std::span<const shared_bulk>{rows}, push);
    return push.finish();
  }

  message<messages::ChangeMembership> membership() {
    auto epoch = in_.take_count();
    std::vector<std::uint32_t> members(in_.take<std::uint8_t>() % 5);
    for (auto& member : members)
      member = worker_index();
    return test::membership_of(epoch, members, in_.take_count());
  }

  // What it counted that no refused message may change.
  struct facts {
    std::uint64_t version, parameters, bytes_pushed, updates_refused;
    bool operator==(const facts&) const = default;
  };
  facts counted() {
    auto answer = fuzz::sent<messages::ShardReport>(core_->handle(message<messages::TakeReport>{}));
    auto report = answer->read();
    return {report->getVersion(), report->getParameters(), report->getBytesPushed(), report->getUpdatesRefused()};
  }

  template <class T>
  void give(const message<T>& what) {
    auto mangled = fuzz::mangle(what, in_);
    if (!mangled)
      return;
    auto before = counted();
    auto out = core_->handle(*mangled);
    fuzz::check_effects(out);
    check_rows(out);
    // A new membership lets held messages through, and one may be refused where another was applied.
    auto single = !std::is_same_v<T, messages::ChangeMembership>;
    auto refused = single && fuzz::sent<messages::MemberFailed>(out);
    if (core_->version() < before.version || (refused && counted() != before))
      std::abort();
  }

  // What it says of rows must be what who asked can take.
  void check_rows(const effects& out) {
    if (!is_own_)
      return;
    if (auto answer = fuzz::sent<messages::ParametersPulled>(out)) {
      auto tables = plan_.layout->tables();
      auto view = answer->read();
      auto rows = view->getRows();
      if (rows.size() != tables.size())
        std::abort();
      std::vector<std::size_t> counts(plan_.layout->key_spaces());
      for (unsigned table = 0; table < tables.size(); ++table)
        counts[tables[table].key_space] = rows[table].size() / (tables[table].width * sizeof(float));
      static_cast<void>(drover::check_rows(rows, *plan_.layout, counts, "the shard"));
    }
    if (auto answer = fuzz::sent<messages::SnapshotTaken>(out)) {
      snapshot_gathering gathering{plan_, answer->read()->getRequest()};
      gathering.take(*answer, plan_);
      if (!gathering.complete())
        std::abort();
      fuzz::read_parameters(gathering.finish(plan_));
    }
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
      is_own_ = assignment->segments().flatten() == test::assignment_of(plan_).segments().flatten();
    } catch (const std::runtime_error&) { // protocol_error
    } catch (const std::invalid_argument&) {
    } catch (const kj::Exception&) {
    }
  }

  fuzz::input& in_;
  training_plan plan_;
  std::unique_ptr<gpu::device> device_ = gpu::make_cpu_device();
  std::unique_ptr<shard_core> core_ = std::make_unique<shard_core>(test::assignment_of(plan_), plan_.layout, *device_);
  bool is_own_ = true; ///< the core does what the plan says
  std::vector<signed_keys> lists_;
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
  auto named = "\0\0"s; // all keys, nothing mangled
  auto told = "\1\0"s;  // signatures alone
  auto pull = [&](char worker, char clock, const std::string& keys) { return "\0"s + worker + clock + "\1"s + keys; };
  auto push = [&](char worker, char sequence, char clock, char version, const std::string& keys) {
    return "\1"s + worker + sequence + clock + version + "\1\0\0\x80\x3f"s + keys;
  };
  auto lists = [](char how, char first) {
    return "\6"s + how + std::string{first, '\x5f', '\x55', static_cast<char>(first + 3), '\x0f', '\0'};
  };
  auto join = "\2\2\3\0\1\2\0\0"s;
  auto leave = "\2\3\1\0\0\0"s;
  auto report = "\4\0"s;
  auto snapshot = "\3\7\0"s;
  auto move = "\5\0\0"s;
  auto steps = pull(0, 0, named) + pull(1, 0, named) + push(0, 1, 0, 0, told) + push(1, 1, 0, 0, told) +
               push(1, 1, 0, 0, named) + pull(0, 1, told) + report;
  std::vector<std::string> result;
  for (char mode = 0; mode < 5; ++mode)
    for (char rules : {0, 5, 13, 20, 27, 34})
      for (char model = 0; model < 4; ++model) {
        auto keys = [&](char how, char first) {
          auto both = lists(how, first);
          return model == 0 ? both.substr(0, 2) : model == 3 ? both : both.substr(0, 5);
        };
        auto rows = static_cast<char>(mode + 5 * model);
        result.push_back(std::string{mode, rules, 1, model, rows} + keys(0, 0) + steps + keys(0, 20) +
                         pull(0, 1, named) + snapshot + join + push(2, 1, 0, 0, named) + move +
                         push(0, 2, 1, 0, named) + leave + report + move + pull(0, 1, named) + keys(2, 0) +
                         pull(0, 1, named) + keys(3, 99) + pull(0, 1, named) + snapshot + "\7\0"s);
      }
  return result;
}

#include "drover/actors/core/coordinator_core.hpp"

#include "tests/fuzz/check_effects.hpp"
#include "tests/fuzz/core_plan.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/row_lists.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <map>
#include <optional>

using namespace drover;

namespace {

constexpr std::uint8_t kinds = 15;
constexpr std::uint32_t shards = 2;

// One coordinator that lives through an input.
class game {
public:
  explicit game(fuzz::input& in)
      : in_(in), plan_(fuzz::take_plan(in, shards)), core_(plan_, in.take<std::uint8_t>() % 2 != 0) {}

  void play() {
    check(in_.take<std::uint8_t>() % 2 != 0 ? core_.resume(0) : core_.start(0));
    while (!in_.empty())
      step();
  }

private:
  void step() {
    now_ += 0.1;
    switch (in_.take<std::uint8_t>() % kinds) {
    case 0:
      return give(progress());
    case 1:
      return give(snapshot());
    case 2:
      return give(report());
    case 3: {
      message_builder<messages::WorkerLeft> left;
      left->setEpoch(1);
      left->setWorker(in_.take<std::uint8_t>());
      return give(left.finish());
    }
    case 4:
      return give(failure());
    case 5:
      return check(core_.handle(evaluated{in_.take_count(), {in_.take<double>(), 1, 1}}, now_));
    case 6:
      return check(core_.handle(timer_fired{in_.take<std::uint8_t>()}, now_));
    case 7: {
      auto what = in_.take<std::uint8_t>();
      auto kind = what % 2 == 0 ? address::role::worker : address::role::shard;
      auto index = in_.take<std::uint8_t>();
      return check(core_.handle(member_down{{kind, index}, in_.take_text(), what / 2 % 2 != 0}, now_));
    }
    case 8:
      return check(core_.handle(stop_requested{}, now_));
    case 9:
      return check(core_.handle(evaluation_progressed{}, now_));
    case 10: {
      message_builder<messages::JoinTraining> request;
      request->setWorker(in_.take<std::uint8_t>());
      request->setLife(in_.take_count());
      return give(request.finish());
    }
    case 11:
      return give(adopted());
    case 12: {
      std::uint32_t worker = in_.take<std::uint8_t>();
      return check(in_.take<std::uint8_t>() % 2 != 0 ? core_.handle(place_found{worker}, now_)
                                                     : core_.handle(place_missing{worker}, now_));
    }
    case 13:
      return check(core_.handle(worker_moves{in_.take<std::uint8_t>()}, now_));
    default:
      return check(core_.handle(noted{in_.take_text()}, now_));
    }
  }

  message<messages::WorkerProgress> progress() {
    message_builder<messages::WorkerProgress> news;
    news->setEpoch(1);
    news->setWorker(in_.take<std::uint8_t>());
    news->setClock(in_.take_count());
    news->setSamples(in_.take_count());
    news->setLossSum(in_.take<double>());
    news->setUpdates(in_.take_count());
    return news.finish();
  }

  message<messages::SnapshotTaken> snapshot() {
    message_builder<messages::SnapshotTaken> answer;
    auto shard = in_.take<std::uint8_t>();
    answer->setShard(shard);
    answer->setRequest(in_.take_count());
    fuzz::fill_blocks(answer, plan_, shard, 1);
    put_rows(answer, shard);
    return answer.finish();
  }

  // Of each table rows of some keys, in two pieces.
  void put_rows(message_builder<messages::SnapshotTaken>& into, std::uint32_t shard) {
    auto tables = plan_.layout->tables();
    auto pieces = into->initRows(static_cast<unsigned>(2 * tables.size()));
    for (unsigned i = 0; i < pieces.size(); ++i) {
      const auto& table = tables[i / 2];
      auto keys = fuzz::part_of(fuzz::take_keys(in_, table.rows), shard, shards).keys;
      pieces[i].setTable(i / 2);
      if (keys->empty())
        continue;
      auto rows = std::make_shared<bulk>(keys->size() * table.width);
      std::ranges::fill(rows->values(), 1.0f);
      pieces[i].adoptKeys(into.refer(std::span{*keys}, keys));
      pieces[i].adoptValues(into.refer(std::as_const(*rows).values(), rows));
    }
  }

  message<messages::ShardReport> report() {
    message_builder<messages::ShardReport> answer;
    answer->setShard(in_.take<std::uint8_t>());
    answer->setVersion(in_.take_count());
    answer->setMembershipEpoch(in_.take_count());
    answer->setClockMin(in_.take_count());
    answer->initWorkers(1)[0].setCounts({1, 2, 3});
    auto waiting = answer->initWaiting(1);
    waiting[0].setClockNeeded(in_.take_count());
    waiting[0].setWaitsFor({0, 1});
    return answer.finish();
  }

  message<messages::MemberFailed> failure() {
    message_builder<messages::MemberFailed> news;
    news->setRole(in_.take<std::uint8_t>() % 2 != 0 ? messages::MemberFailed::Role::SHARD
                                                    : messages::MemberFailed::Role::WORKER);
    news->setEpoch(1);
    news->setIndex(in_.take<std::uint8_t>());
    news->setCause(static_cast<messages::MemberFailed::Cause>(in_.take<std::uint8_t>()));
    news->setSentence(in_.take_text());
    return news.finish();
  }

  message<messages::MembershipAdopted> adopted() {
    message_builder<messages::MembershipAdopted> answer;
    answer->setShard(in_.take<std::uint8_t>());
    answer->setEpoch(in_.take_count());
    auto members = answer->initMembers(in_.take<std::uint8_t>() % 4u);
    for (auto member : members) {
      member.setWorker(in_.take<std::uint8_t>());
      member.setJoined(in_.take_count());
      member.setClock(in_.take_count());
    }
    return answer.finish();
  }

  template <class T>
  void give(const message<T>& what) {
    if (auto mangled = fuzz::mangle(what, in_))
      check(core_.handle(*mangled, now_));
  }

  void check(const effects& out) {
    fuzz::check_effects(out);
    for (const auto& one : out) {
      if (const auto* letter = std::get_if<send>(&one))
        if (letter->to.index >= (letter->to.kind == address::role::shard ? shards : plan_.job.read()->getWorkers()))
          std::abort();
      if (const auto* wanted = std::get_if<find_place>(&one))
        if (wanted->worker >= plan_.job.read()->getWorkers())
          std::abort();
      if (const auto* wanted = std::get_if<start_replacement>(&one))
        begin(*wanted);
      if (const auto* request = std::get_if<evaluate_parameters>(&one))
        fuzz::read_parameters(request->parameters);
      if (const auto* end = std::get_if<finish_job>(&one)) {
        if (std::exchange(finished_, true))
          std::abort();
        if (end->parameters)
          fuzz::read_parameters(*end->parameters);
      }
    }
  }

  // Lives of a worker only grow from place to place.
  void begin(const start_replacement& wanted) {
    if (wanted.worker >= plan_.job.read()->getWorkers() ||
        wanted.life <= std::exchange(lives_[wanted.worker], wanted.life))
      std::abort();
  }

  fuzz::input& in_;
  training_plan plan_;
  coordinator_core core_;
  double now_ = 0;
  bool finished_ = false;
  std::map<std::uint32_t, std::uint64_t> lives_; ///< of replacements
};

} // namespace

// Five bytes choose a job, one whether workers are replaced; then events: a kind, its fields, and what is to be
// changed in the message's bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  game{in}.play();
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  using namespace std::string_literals;
  auto progress = [](char clock) { return "\0\0"s + clock + "\4\0\0\0\0\0\0\xf0\x3f\2\0"s; };
  auto snapshot_of = [](char request, const std::string& keys) {
    return "\1\0"s + request + keys + "\0\1\1"s + request + keys + "\0"s;
  };
  auto snapshot = [&snapshot_of](char request) { return snapshot_of(request, ""); };
  auto report = [](char shard) { return "\2"s + shard + "\5\1\0"s; };
  auto evaluated = [](char request) { return "\5"s + request + "\0\0\0\0\0\0\xf0\x3f"s; };
  auto left = "\3\0\0"s;
  auto adopted = [](char shard) { return "\x0b"s + shard + "\2\1\0\2\0\0"s; };
  auto reports = report(0) + report(1);
  auto job = "\0\0\0\0\0\0\0"s;
  auto replacing = "\0\0\1\0\0\1\0"s;
  auto first_epoch = snapshot(1) + progress(2) + snapshot(2) + evaluated(2);
  std::vector<std::string> result{
      job + first_epoch + progress(4) + left + reports + snapshot(3) + evaluated(3),
      job + first_epoch + "\x08"s + left + reports + snapshot(3) + evaluated(3),
      job + first_epoch + "\4\0\0\1\3bad\0"s + reports,
      job + snapshot(1) + "\7\1\1\4died"s + report(0) + "\6\2"s,
      job + snapshot(1) + "\6\1"s + reports + "\6\1\6\1\6\1\6\1"s,
      job + snapshot(1) + left + reports + snapshot(2) + evaluated(2),
      job + snapshot(1) + "\x0a\0\1\0"s + adopted(0) + adopted(1) + "\x0a\0\1\0"s + left + reports,
      job + snapshot(1) + left + reports + snapshot(2) + "\x09\6\3\6\4"s,
      replacing + snapshot(1) + "\7\2\0\4lost"s + adopted(0) + adopted(1) + "\x0c\0\0\6\0\x0c\0\1"s + "\x0a\0\0"s,
      replacing + snapshot(1) + "\x0d\0\x0c\0\1\x0d\0\x0c\0\1\7\2\0\4lost\x0e\4node"s + left + "\x08"s,
  };
  for (char model : {1, 2, 3}) {
    // Two pieces a table, three bytes each.
    std::string keys;
    for (int piece = 0; piece < 2 * (model == 3 ? 4 : model); ++piece)
      keys += std::string{static_cast<char>(3 * piece), '\x7f', '\1'};
    auto tables = "\0\0\0"s + model + "\0\0\0"s;
    auto first = snapshot_of(1, keys) + progress(2) + snapshot_of(2, keys) + evaluated(2);
    result.push_back(tables + first + progress(4) + left + reports + snapshot_of(3, keys) + evaluated(3));
  }
  return result;
}

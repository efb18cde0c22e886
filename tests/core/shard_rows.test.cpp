#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/row_store.hpp"
#include "drover/actors/core/sent_rows.hpp"
#include "drover/actors/core/shard_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// A shard with sparse tables.

using namespace drover;

namespace {

constexpr std::size_t table_rows = 100;

// A table of two floats a row that start anywhere, and a dense tensor beside it.
training_plan plan_with_table(test::small_job job) {
  job.tables = true;
  return test::plan_of(
      job,
      {{"table", {table_rows, 2}, {initializer::kind::normal, 1.0f}, true, row_owner::feature}, {"dense", {3}, {}}},
      100);
}

signed_keys list_of(std::vector<std::uint64_t> keys) {
  auto signature = signature_of(keys);
  return {std::make_shared<const std::vector<std::uint64_t>>(std::move(keys)), signature};
}

// One shard and what a worker says to it.
struct rows_on_a_shard {
  explicit rows_on_a_shard(const test::small_job& job)
      : plan(plan_with_table(job)), core(test::assignment_of(plan), plan.layout, *device) {}

  [[nodiscard]] effects pull(std::uint32_t worker, std::uint64_t clock, const signed_keys& list, bool is_told = false) {
    message_builder<messages::PullParameters> pull;
    pull->setWorker(worker);
    pull->setEpoch(1);
    pull->setClock(clock);
    put_keys({{list}}, is_told ? std::vector{list.signature} : std::vector<std::uint64_t>{}, pull);
    return core.handle(pull.finish());
  }

  [[nodiscard]] message<messages::PushGradient> push(std::uint32_t worker, std::uint64_t clock, const signed_keys& list,
                                                     float value, bool is_told = true) const {
    message_builder<messages::PushGradient> push;
    push->setWorker(worker);
    push->setEpoch(1);
    push->setSequence(clock + 1);
    push->setClock(clock);
    push->setVersion(clock);
    auto dense = std::make_shared<bulk>(3);
    std::ranges::fill(dense->values(), value);
    auto blocks = push->initBlocks(1);
    blocks[0].adoptValues(push.refer(std::as_const(*dense).values(), dense));
    auto rows = std::make_shared<bulk>(list.keys->size() * 2);
    std::ranges::fill(rows->values(), value);
    put_keys({{list}}, is_told ? std::vector{list.signature} : std::vector<std::uint64_t>{}, push);
    put_rows({{rows}}, push);
    return push.finish();
  }

  training_plan plan;
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  shard_core core;
};

template <class T>
std::optional<message<T>> first_sent(const effects& what) {
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      if (const auto* body = std::get_if<message<T>>(&letter->what))
        return *body;
  return std::nullopt;
}

std::vector<float> rows_in(const effects& what) {
  auto answer = first_sent<messages::ParametersPulled>(what);
  if (!answer)
    return {};
  auto view = answer->read();
  auto bytes = view->getRows()[0];
  std::vector<float> result(bytes.size() / sizeof(float));
  std::memcpy(result.data(), bytes.begin(), bytes.size());
  return result;
}

std::string refused(const effects& what) {
  auto failure = first_sent<messages::MemberFailed>(what);
  return failure ? failure->read()->getSentence().cStr() : "";
}

std::vector<float> initial_row(std::uint64_t key) {
  tensor_spec table{"table", {table_rows, 2}, {initializer::kind::normal, 1.0f}};
  std::vector<float> result(2);
  initialize(table, 1, key * 2, result.data(), 2);
  return result;
}

} // namespace

TEST_CASE("a row reads as it begins before it is updated, and an update changes the rows that it names alone") {
  rows_on_a_shard shard{{}};
  auto list = list_of({3, 40, 99});
  auto before = rows_in(shard.pull(0, 0, list));
  REQUIRE(before.size() == 6);
  CHECK(std::vector(before.begin() + 2, before.begin() + 4) == initial_row(40));
  CHECK(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(0, 0, list, 1))));
  auto after = rows_in(shard.pull(0, 1, list_of({3, 4})));
  REQUIRE(after.size() == 4);
  CHECK(after[0] == before[0] - 0.1f);
  CHECK(after[1] == before[1] - 0.1f);
  CHECK(std::vector(after.begin() + 2, after.end()) == initial_row(4));
  auto report = first_sent<messages::ShardReport>(shard.core.handle(message<messages::TakeReport>{}));
  CHECK(report.value().read()->getRows() == 3);
}

TEST_CASE("a list of keys goes by its signature where the shard has it, and is waited for where it does not") {
  rows_on_a_shard shard{{}};
  auto list = list_of({1, 2});
  // Nobody named it yet.
  CHECK(shard.pull(0, 0, list, true).empty());
  CHECK(rows_in(shard.pull(0, 0, list)).size() == 4);
  CHECK(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(0, 0, list, 1))));
  // The next pull asks for the same, by its signature; one before is not the last any more.
  CHECK(rows_in(shard.pull(0, 1, list, true)).size() == 4);
  auto other = list_of({5});
  CHECK(rows_in(shard.pull(0, 1, other)).size() == 2);
  CHECK(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(0, 1, other, 1))));
  CHECK(shard.pull(0, 2, list, true).empty());
  // A push is dropped, and counted when it is said again with its keys.
  CHECK(rows_in(shard.pull(0, 2, other)).size() == 2);
  CHECK(shard.core.handle(shard.push(0, 2, list, 1)).empty());
  CHECK(shard.core.version() == 2);
  CHECK(first_sent<messages::GradientApplied>(shard.core.handle(with_keys(shard.push(0, 2, list, 1), {{list}}))));
  CHECK(shard.core.version() == 3);
}

TEST_CASE("keys that cannot be are refused with a sentence, and nothing changes") {
  rows_on_a_shard shard{{.shards = 2}};
  std::vector<std::uint64_t> here, elsewhere;
  for (std::uint64_t key = 0; key < table_rows; ++key)
    (shard_of_key(key, 2) == 0 ? here : elsewhere).push_back(key);
  auto refusal = [&shard](std::vector<std::uint64_t> keys) {
    return refused(shard.pull(0, 0, list_of(std::move(keys))));
  };
  auto text = [](std::uint64_t key) { return std::to_string(key); };
  CHECK(refusal({here[1], here[0]}) == "shard 0 refused a message: worker 0 sent key " + text(here[0]) +
                                           " behind key " + text(here[1]) + ": they are ascending, each once");
  CHECK(refusal({here[0], here[0]}).find("each once") != std::string::npos);
  CHECK(refusal({table_rows}) == "shard 0 refused a message: worker 0 sent key 100 of a table of 100 rows");
  CHECK(refusal({elsewhere[0]}) ==
        "shard 0 refused a message: worker 0 sent key " + text(elsewhere[0]) + ", whose row is on shard 1");
  auto forged = list_of({here[0]});
  forged.signature += 1;
  CHECK(refused(shard.pull(0, 0, forged)) ==
        "shard 0 refused a message: worker 0 sent 1 keys with the signature of others");
  auto list = list_of({here[0], here[1]});
  CHECK(rows_in(shard.pull(0, 0, list)).size() == 4);
  message_builder<messages::PushGradient> cut{*shard.push(0, 0, list, 1).read()};
  cut->getRows().set(0, capnp::Data::Reader{cut->getRows()[0].begin(), 8});
  CHECK(refused(shard.core.handle(cut.finish())) ==
        "shard 0 refused a message: worker 0 sent 8 bytes for rows of table table, which take 16");
  CHECK(shard.core.version() == 0);
}

TEST_CASE("a shard that moves goes on with its rows, their state and their counts, to the bit") {
  for (auto optimizer : {messages::Optimizer::SGD, messages::Optimizer::ADAGRAD, messages::Optimizer::ADAM}) {
    rows_on_a_shard stays{{.optimizer = optimizer}};
    rows_on_a_shard moves{{.optimizer = optimizer}};
    auto* now = &moves.core;
    std::vector<std::unique_ptr<shard_core>> copies;
    for (std::uint64_t clock = 0; clock < 5; ++clock) {
      auto list = list_of({clock, clock + 1, 50});
      auto expected = rows_in(stays.pull(0, clock, list));
      message_builder<messages::PullParameters> pull;
      pull->setEpoch(1);
      pull->setClock(clock);
      put_keys({{list}}, {}, pull);
      CHECK(rows_in(now->handle(pull.finish())) == expected);
      (void)stays.core.handle(stays.push(0, clock, list, 0.5f));
      now->freeze();
      auto next = std::make_unique<shard_core>(test::assignment_of(moves.plan), moves.plan.layout, *moves.device);
      next->restore(now->state());
      while (auto first = next->missing_value())
        next->restore(now->values(*first));
      next->thaw();
      now = copies.emplace_back(std::move(next)).get();
      // It does not know the keys of what was asked elsewhere.
      CHECK(now->handle(moves.push(0, clock, list, 0.5f)).empty());
      CHECK(first_sent<messages::GradientApplied>(now->handle(moves.push(0, clock, list, 0.5f, false))));
    }
  }
}

TEST_CASE("in step, tables may go alone: rows are updated at once, and the rest together") {
  rows_on_a_shard shard{{.consistency = "bsp", .workers = 2, .table_consistency = "asp"}};
  auto list = list_of({7});
  auto before = rows_in(shard.pull(0, 0, list));
  (void)shard.pull(1, 0, list);
  CHECK_FALSE(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(0, 0, list, 1))));
  CHECK(shard.core.version() == 0);
  auto snapshot =
      first_sent<messages::SnapshotTaken>(shard.core.handle(message_builder<messages::TakeSnapshot>{}.finish()));
  float saved = 0;
  std::memcpy(&saved, snapshot.value().read()->getRows()[0].getValues().begin(), sizeof saved);
  CHECK(saved == before[0] - 0.1f);
  // A copy that goes on elsewhere is told the push again, and does not apply its rows twice.
  shard.core.freeze();
  shard.core.thaw();
  CHECK_FALSE(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(0, 0, list, 1, false))));
  CHECK(first_sent<messages::GradientApplied>(shard.core.handle(shard.push(1, 0, list, 1, false))));
  CHECK(shard.core.version() == 1);
  CHECK(rows_in(shard.pull(0, 1, list))[0] == before[0] - 0.1f - 0.1f);
}

TEST_CASE("a pull that its worker did not wait for is not answered when its keys are forgotten") {
  rows_on_a_shard shard{{.consistency = "ssp:1", .workers = 2, .push_credits = 4}};
  auto list = list_of({1, 2});
  for (std::uint64_t clock = 0; clock < 2; ++clock) {
    CHECK(rows_in(shard.pull(0, clock, list)).size() == 4);
    (void)shard.core.handle(shard.push(0, clock, list, 1));
  }
  CHECK(shard.pull(0, 2, list).empty()); // waits for the other
  for (std::uint64_t clock = 2; clock < 4; ++clock)
    (void)shard.core.handle(shard.push(0, clock, list, 1, false));
  REQUIRE(shard.core.version() == 4);
  message_builder<messages::PushGradient> other{*shard.push(1, 0, list, 1, false).read()};
  other->setVersion(4);
  auto out = shard.core.handle(other.finish());
  CHECK(first_sent<messages::GradientApplied>(out));
  CHECK_FALSE(first_sent<messages::ParametersPulled>(out));
}

TEST_CASE("rows of another shard, or that no table has, are refused where a shard goes on") {
  for (std::uint64_t key = 0; key < 150; ++key) {
    CAPTURE(key);
    // One shard of one sends them to one of two.
    rows_on_a_shard from{{}};
    rows_on_a_shard to{{.shards = 2}};
    auto list = list_of({3});
    REQUIRE(first_sent<messages::GradientApplied>(from.core.handle(from.push(0, 0, list, 1, false))));
    from.core.freeze();
    auto state = from.core.state();
    to.core.restore(state);
    message_builder<messages::ShardValues> values{*from.core.values(0).read()};
    // A row comes last: its key, its count, two floats.
    auto bytes = values->getValues();
    std::memcpy(bytes.begin() + bytes.size() - 24, &key, sizeof key);
    if (key < table_rows && shard_of_key(key, 2) == 0) {
      CHECK_NOTHROW(to.core.restore(values.finish()));
      continue;
    }
    auto sentence =
        "shard 0 cannot go on here: row " + std::to_string(key) + " comes of a table of 100, which is not its own";
    CHECK_THROWS_WITH_AS(to.core.restore(values.finish()), sentence.c_str(), protocol_error);
  }
}

TEST_CASE("each table's part of tableBytes is a limit, however small") {
  test::small_job job{.tables = true, .table_bytes = 1};
  auto plan = test::plan_of(job,
                            {{"a", {table_rows}, {}, true, row_owner::feature},
                             {"b", {table_rows}, {}, true, row_owner::feature},
                             {"c", {table_rows, 7}, {}, true, row_owner::feature}},
                            100);
  auto rules = job_rules::of(*plan.job.read(), 100, 100);
  row_store rows{plan.layout, *plan.job.read(), *rules.rule};
  std::vector<std::uint64_t> keys{1, 2, 3};
  std::vector<float> gradients(21, 1.0f);
  for (std::size_t table = 0; table < 3; ++table) {
    rows.apply(table, {keys, gradients.data()}, 0.1f);
    CHECK(rows.table(table).size() == 1);
  }
}

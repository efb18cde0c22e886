#include "drover/actors/cli/summary.hpp"

#include "drover/actors/cli/staleness_table.hpp"

#include <capnp/message.h>
#include <doctest/doctest.h>

#include <limits>
#include <sstream>
#include <string>

namespace {

using drover::messages::Summary;

/// Two workers at each of so many shards; the largest staleness is 4.
struct example {
  capnp::MallocMessageBuilder arena;
  Summary::Builder root = arena.initRoot<Summary>();

  explicit example(unsigned shards = 1) {
    root.setEpochs(10);
    root.setSeconds(32.1);
    root.setSamples(600000);
    root.setSamplesPerSecond(18691.6);
    root.setTestLoss(0.29214);
    root.setTestAccuracy(0.91234);
    root.setBytesPulled(3 << 20);
    root.setBytesPushed(100);
    root.getStaleness().setBound(6);
    auto reports = root.initShards(shards);
    for (unsigned shard = 0; shard < shards; ++shard) {
      reports[shard].setShard(shard);
      auto workers = reports[shard].initWorkers(2);
      for (unsigned worker = 0; worker < 2; ++worker) {
        workers[worker].setWorker(worker);
        workers[worker].setUpdates(8);
        workers[worker].setStalenessSum(10);
        workers[worker].setStalenessMax(3 + worker);
        auto counts = workers[worker].initCounts(7);
        counts.set(0, 1);
        counts.set(1, 6);
        counts.set(3 + worker, 1);
      }
    }
  }

  [[nodiscard]] std::string printed() {
    std::ostringstream out;
    drover::cli::print_summary(out, root.asReader());
    return out.str();
  }
  [[nodiscard]] std::string complaint(const std::string& saved = "") {
    return drover::cli::complaint(root.asReader(), saved).value_or("(none)");
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the summary says how the job ended, what came out, and what it cost") {
  CHECK(example{}.printed() == R"(
outcome    completed after 10 epochs
test       loss 0.2921, accuracy 91.23 %
time       32.1 s, 600000 samples, 18692 samples/s
moved      3.0 MiB pulled, 100 bytes pushed
staleness  at most 4 observed, bound 6: kept

shard  worker    updates    mean   max  bound   updates by staleness
    0       0          8    1.25     3      6   0 ▂█ ▂ 3
    0       1          8    1.25     4      6   0 ▂█  ▂ 4
)");
}

TEST_CASE("a promise that was broken is said aloud") {
  example one;
  one.root.getStaleness().setBound(3);
  CHECK(contains(one.printed(), "staleness  at most 4 observed, bound 3: BROKEN"));
  CHECK(one.complaint() == "an update was applied with a staleness of 4, above the bound of 3 that the consistency "
                           "promises");
  one.root.getStaleness().setUnbounded();
  CHECK(contains(one.printed(), "staleness  at most 4 observed, no bound promised"));
  CHECK(one.complaint() == "(none)");
}

TEST_CASE("what shards did not report is not taken for kept") {
  example one;
  one.root.setShardsSilent(2);
  CHECK(contains(one.printed(), "staleness  at most 4 observed by 1 of 3 shards, bound 6: kept by those\n"));
  example none{0};
  none.root.setShardsSilent(2);
  CHECK(contains(none.printed(), "staleness  not known: no shard said what it observed\n"));
}

TEST_CASE("a job that did not complete is said to, with where its parameters are") {
  example one;
  CHECK(one.complaint("m") == "(none)");
  one.root.setOutcome(Summary::Outcome::DIVERGED);
  one.root.setSentence("worker 1: the loss is not finite");
  one.root.setEpochs(1);
  one.root.setSavedEpoch(1);
  CHECK(one.complaint("m") ==
        "training diverged after 1 epoch: worker 1: the loss is not finite; those of epoch 1 are in m");
  CHECK(one.complaint() == "training diverged after 1 epoch: worker 1: the loss is not finite");
  one.root.setOutcome(Summary::Outcome::STOPPED);
  one.root.setSentence("");
  CHECK(one.complaint("m") == "training stopped on request after 1 epoch; the last parameters are in m");
  one.root.setOutcome(static_cast<Summary::Outcome>(77));
  CHECK(contains(one.complaint(), "ended in a way that this program does not know"));
}

TEST_CASE("a histogram whose last bar counts all that is above says so") {
  example one;
  auto worker = one.root.getShards()[0].getWorkers()[0];
  auto counts = worker.initCounts(64);
  counts.set(0, 1);
  counts.set(63, 1);
  worker.setStalenessMax(63);
  CHECK(contains(one.printed(), " 63\n"));
  worker.setStalenessMax(70);
  CHECK(contains(one.printed(), " 63+\n"));
}

TEST_CASE("parameters that could not be tested have no line") {
  example one;
  one.root.setTestLoss(std::numeric_limits<double>::quiet_NaN());
  CHECK_FALSE(contains(one.printed(), "test "));
}

TEST_CASE("a job of many members shows the first rows and how many more there are") {
  auto text = example{20}.printed();
  CHECK(contains(text, "… and 16 rows more; --metrics has all of them\n"));
}

TEST_CASE("a histogram is as wide as it may be, and shows what occurred only once") {
  CHECK(drover::cli::sparkline({1000, 1, 0}, 24) == "█▁ ");
  CHECK(drover::cli::sparkline({1, 1, 1, 1, 2, 2}, 3) == "▅▅█");
  CHECK(drover::cli::sparkline({0, 0}, 24) == "  ");
  CHECK(drover::cli::sparkline({}, 24).empty());
}

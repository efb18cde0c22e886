#include "drover/actors/core/stall_report.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

using namespace drover;

namespace {

using shards = std::vector<std::uint32_t>;

// A job in which nobody waits, but for what a test says.
struct stalled_job {
  explicit stalled_job(std::uint32_t workers) : members(workers, 2), meter(workers) {}

  void waits(std::uint32_t worker, const shards& named, std::uint32_t more = 0) {
    message_builder<messages::WorkerProgress> news;
    news->setWorker(worker);
    news->setEpoch(1);
    news->setAwaits({named.data(), named.size()});
    news->setAwaitsMore(more);
    meter.take(*news.finish().read());
  }
  void keeps(std::uint32_t shard, std::uint32_t worker) {
    message_builder<messages::ShardReport> report;
    report->setShard(shard);
    auto wait = report->initWaiting(1)[0];
    wait.setWorker(worker);
    wait.setClock(5);
    wait.setClockNeeded(3);
    wait.setWaitsFor({0});
    reports[shard] = report.finish();
  }
  [[nodiscard]] std::string sentence() const {
    std::string all = describe_stall(30, reports, {}, members, meter);
    std::string begin = "nothing progressed for 30 s: ";
    REQUIRE(all.starts_with(begin));
    return all.substr(begin.size());
  }

  membership members;
  progress_meter meter;
  std::map<std::uint32_t, message<messages::ShardReport>> reports;
};

} // namespace

TEST_CASE("a stall of workers that shards do not answer names the shards") {
  stalled_job job{3};
  for (std::uint32_t worker = 0; worker < 3; ++worker)
    job.waits(worker, worker < 2 ? shards{1} : shards{0, 1});
  CHECK(job.sentence() == "worker 2 waits for shard 0 to answer; workers 0, 1, 2 wait for shard 1 to answer");
  job.waits(2, {}); // answered since
  CHECK(job.sentence() == "workers 0, 1 wait for shard 1 to answer");
  job.members.remove(0);
  CHECK(job.sentence() == "worker 1 waits for shard 1 to answer");
}

TEST_CASE("a pull that a shard says it keeps is said once, with whom it waits for") {
  stalled_job job{2};
  job.keeps(1, 1);
  job.waits(0, {1});
  job.waits(1, {1});
  CHECK(job.sentence() == "worker 1 waits at shard 1 to read for step 5 until worker 0 completed 3 steps; worker 0 "
                          "waits for shard 1 to answer");
}

TEST_CASE("a stall report of many names some and says how many more") {
  stalled_job job{10};
  CHECK(job.sentence() ==
        "no shard keeps anybody waiting, and nothing comes from workers 0, 1, 2, 3, 4, 5, 6, 7 and 2 more");
  job.waits(9, {1}, 3);
  CHECK(job.sentence() == "worker 9 waits for shard 1 to answer; 3 more shards keep workers waiting");
}

TEST_CASE("a stall in which every worker was lost names them") {
  stalled_job job{10};
  for (std::uint32_t worker = 0; worker < 10; ++worker) {
    job.members.remove(worker);
    if (worker != 4) // it had left
      job.meter.lose(worker);
  }
  CHECK(job.sentence() == "every worker was lost, and none came back: workers 0, 1, 2, 3, 5, 6, 7, 8 and 1 more");
}

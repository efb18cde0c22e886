#include "drover/actors/cli/job_screen.hpp"

#include <capnp/message.h>
#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace drover;

namespace {

/// A trainer and one node, which hosts a shard and two workers; the second is lost.
struct running_job {
  capnp::MallocMessageBuilder arena;
  messages::JobStatus::Builder root = arena.initRoot<messages::JobStatus>();

  running_job() {
    root.setJob("17");
    root.setHost("trainer's");
    root.setDataNumber(1);
    auto node = root.initNodes(1)[0];
    node.setAddress("a:4500");
    node.setHost("node's");
    auto status = node.initStatus();
    status.setDataNumber(2);
    auto links = status.initLinks(3);
    for (unsigned i = 0; i < 3; ++i) {
      links[i].setPeer(i + 1);
      links[i].setWay("tls");
      links[i].setBytes(1 << 20);
    }
    links[2].setDropped(5);
    auto view = root.initView();
    view.initShardHosts(1).set(0, "node's");
    auto workers = view.initWorkers(2);
    workers[0].setHost("node's");
    workers[0].setIsMember(true);
    workers[0].setClock(12);
    auto shard = view.initShards(1)[0];
    shard.setVersion(23);
    shard.setPulls(31);
    shard.setPullsParked(4);
    auto seen = shard.initWorkers(1)[0];
    seen.setWorker(0);
    seen.setUpdates(10);
    seen.setStalenessSum(15);
    seen.setStalenessMax(3);
    auto wait = shard.initWaiting(1)[0];
    wait.setWorker(0);
    auto whom = wait.initWaitsFor(2);
    whom.set(0, 1);
    whom.set(1, 5);
    wait.setWaitsForMore(7);
  }

  /// Whether there is a line of these words, whatever is between them.
  [[nodiscard]] bool shows(const std::string& words) const {
    std::ostringstream out;
    cli::print_job(out, root.asReader());
    std::istringstream lines{out.str()};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream parts{line};
      std::string single;
      for (std::string word; parts >> word;)
        single += (single.empty() ? "" : " ") + word;
      if (single == words)
        return true;
    }
    return false;
  }
};

} // namespace

TEST_CASE("a job's screen says who waits for whom, and where") {
  running_job job;
  CHECK(job.shows("0 a:4500 12 10 1.50 3 1, 5 and 7 more at shard 0"));
  CHECK(job.shows("1 no member 0 0 0.00 0"));
  CHECK(job.shows("0 a:4500 23 31 4"));
}

TEST_CASE("a job's screen says where parameters and gradients go, by which way, and what was dropped") {
  running_job job;
  CHECK(job.shows("a:4500 the trainer by tls, 1.0 MiB"));
  CHECK(job.shows("a:4500 by tls, 1.0 MiB"));
  CHECK(job.shows("one that is gone by tls, 1.0 MiB, 5 dropped"));
}

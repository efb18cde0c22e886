#include "drover/actors/sim/trace.hpp"

#include "drover/actors/sim/quadratic.hpp"
#include "drover/actors/sim/world.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <sstream>
#include <string>

using namespace drover;

TEST_CASE("a trace says what goes wrong, before what comes of it, and when it is over") {
  auto plan = test::plan_of({.workers = 2}, test::tensors_of({3, 8, 5}), 50);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  sim::world world{plan, sim::cluster::from_json("test", R"({"machines": [{"name": "head", "hostsWorkers": false},
      {"name": "node", "count": 2, "shards": 0}],
    "faults": [{"kind": "crashAndRestart", "machines": ["node-1"], "atSeconds": 0.1, "seconds": 0.1},
      {"kind": "unreliableLink", "machines": ["node"], "atSeconds": 0.15, "seconds": 0.1, "chances": {"delay": 0.5}}]})"),
                   objective, 1};
  std::ostringstream out;
  sim::trace trace{out};
  world.watch(trace);
  REQUIRE(world.run(1e6));
  auto text = out.str();
  std::size_t from = 0;
  for (const auto* line : {"\n0.100000  crash of node-1\n", "\n0.100000  worker 1 crashes\n",
                           "\n0.150000  unreliable link of node-0 begins\n", "\n0.200000  restart of node-1\n",
                           "\n0.200000  worker 1 starts\n", "\n0.250000  unreliable link of node-1 ends\n"}) {
    auto found = text.find(line, from);
    CHECK_MESSAGE(found != std::string::npos, line);
    from = found == std::string::npos ? from : found + 1;
  }
}

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/faults.hpp"
#include "drover/actors/sim/network.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <stdexcept>

using namespace drover;

namespace {

// What was read must be writable, the same when it is read again, and usable.
void check(const sim::cluster& source) {
  auto text = source.to_json();
  if (sim::cluster::from_json("again", text).to_json() != text)
    std::abort();
  sim::fault_plan plan{source, 1};
  sim::network net{source, 1};
  auto last = static_cast<std::uint32_t>(source.machines().size() - 1);
  constexpr int events = 20;
  sim::nanoseconds now = 0;
  for (int i = 0; i < events; ++i) {
    auto event = plan.next();
    if (!event)
      break;
    if (event->at < now)
      std::abort();
    now = event->at;
    net.apply(*event);
    for (auto arrival : net.send(0, last, 1000, now))
      if (arrival < now)
        std::abort();
  }
}

} // namespace

// The input is a cluster file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    check(sim::cluster::from_json("cluster.json", std::string{fuzz::text_of(data, size)}));
  } catch (const std::invalid_argument&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  std::vector<std::string> result;
  for (const auto& name : sim::preset_names())
    result.push_back(sim::cluster::preset(name).to_json());
  result.emplace_back(R"({"machines": [{"name": "a", "count": 2, "stragglers": [{"machine": 1, "factor": 2}]}],
    "faults": [{"kind": "slowLink", "machines": ["a-1", "rack-0"], "atSeconds": 1, "factor": 3}]})");
  return result;
}

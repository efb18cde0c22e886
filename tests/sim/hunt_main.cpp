// drover_hunt COUNT [FROM [swarm|all [trace]]]: runs so many seeds, prints the first that fails and what was wrong with
// it, and the fingerprint of all. Ends with 0, or with 3 for a violated invariant, 4 for no progress, 5 for an
// exception.

#include "drover/actors/sim/fingerprint.hpp"
#include "drover/actors/sim/hunt.hpp"
#include "drover/actors/sim/trace.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

int main(int count, char** words) {
  using ending = drover::sim::hunt_result::ending;
  auto number = [&](int which, std::uint64_t otherwise) -> std::uint64_t {
    return which < count ? std::strtoull(words[which], nullptr, 10) : otherwise;
  };
  auto seeds = number(1, 1);
  auto from = number(2, 1);
  auto swarm = count > 3 && std::string_view{words[3]} == "swarm";
  drover::sim::trace trace{std::cout};
  drover::sim::fingerprint all;
  std::uint64_t events = 0;
  for (auto seed = from; seed < from + seeds; ++seed) {
    auto result = drover::sim::hunt(seed, swarm, count > 4 ? &trace : nullptr);
    all.add(result.fingerprint);
    events += result.events;
    if (result.how == ending::well)
      continue;
    std::printf("seed %" PRIu64 ": %s\n", seed, result.sentence.c_str());
    return result.how == ending::violated ? 3 : result.how == ending::no_progress ? 4 : 5;
  }
  std::printf("%" PRIu64 " seeds, %" PRIu64 " events, fingerprint %016" PRIx64 "\n", seeds, events, all.value());
}

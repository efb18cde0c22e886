// What a hunt's command line says and ends with, for every way in which a world can end. The worlds are made up here:
// this program has its own `sim::hunt` in the place of the library's.

#include "drover/actors/cli/hunting.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/sim/hunt.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

using drover::cli::exit_code;
using drover::cli::hunt_seeds;
using drover::sim::hunt_result;
using ending = hunt_result::ending;

namespace {

constexpr std::uint64_t bad_seed = 12;
ending bad_ending = ending::well;
bool aborts = false;

struct outcome {
  int code = 0;
  std::string out;
  std::string err;
};

outcome hunt_with(ending how, const drover::cli::hunt_settings& settings) {
  bad_ending = how;
  std::ostringstream out;
  std::ostringstream err;
  auto code = hunt_seeds(settings, out, err);
  return {code, out.str(), err.str()};
}

} // namespace

drover::sim::hunt_result drover::sim::hunt(std::uint64_t seed, bool, checker*) {
  if (seed == bad_seed && aborts)
    std::abort();
  hunt_result result{.how = ending::well, .sentence = "", .fingerprint = seed, .events = 10, .seconds = 2};
  if (seed == bad_seed && bad_ending != ending::well) {
    result.how = bad_ending;
    result.sentence = "this and that";
  }
  return result;
}

TEST_CASE("a hunt ends with a code for what it found, and says the seed, what was wrong and how to replay it") {
  auto violated = hunt_with(ending::violated, {.seeds = 20, .from = 3});
  CHECK(violated.code == 3);
  CHECK(violated.out.empty());
  CHECK(violated.err ==
        "drover: seed 12: an invariant was violated: this and that; replay it: drover simulate --hunt 1 "
        "--from 12 --trace\n");
  auto stuck = hunt_with(ending::no_progress, {.seeds = 20, .from = 3, .swarm = true});
  CHECK(stuck.code == 4);
  CHECK(stuck.err ==
        "drover: seed 12: no progress: this and that; replay it: drover simulate --hunt 1 --from 12 --swarm --trace\n");
  auto crashed = hunt_with(ending::crashed, {.seeds = 20, .from = 3});
  CHECK(crashed.code == 5);
  CHECK(crashed.err.find("seed 12: an exception that should not be: this and that") != std::string::npos);
}

TEST_CASE("a hunt that finds nothing counts seeds, events and virtual time, and its fingerprint is that of all seeds") {
  auto well = hunt_with(ending::well, {.seeds = 20, .from = 3});
  CHECK(well.code == 0);
  CHECK(well.err.empty());
  CHECK(well.out.find("seeds        20, from 3\nevents       200, ") == 0);
  CHECK(well.out.find("virtual time 40.0 s\nfingerprint  ") != std::string::npos);
  auto fingerprint = [](const outcome& one) { return one.out.substr(one.out.rfind(' ')); };
  CHECK(fingerprint(hunt_with(ending::well, {.seeds = 20, .from = 3})) == fingerprint(well));
  CHECK(fingerprint(hunt_with(ending::well, {.seeds = 20, .from = 4})) != fingerprint(well));
}

TEST_CASE("a hunt goes to the last seed, and is refused beyond it") {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  CHECK(hunt_with(ending::well, {.seeds = 2, .from = last - 1}).code == 0);
  CHECK_THROWS_WITH_AS((void)hunt_with(ending::well, {.seeds = 2, .from = last}),
                       "--hunt 2 --from 18446744073709551615 goes beyond the last seed, 18446744073709551615",
                       std::invalid_argument);
}

TEST_CASE("a process that crashes during a hunt says the seed before it ends") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    aborts = true;
    static_cast<void>(hunt_with(ending::well, {.seeds = 20, .from = 3}));
    ::_exit(0);
  }
  ::close(ends[1]);
  char said[600];
  auto size = ::read(ends[0], said, sizeof said);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ::close(ends[0]);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == exit_code::crashed);
  REQUIRE(size > 0);
  CHECK(
      std::string(said, static_cast<std::size_t>(size)) ==
      "\ndrover: the process crashed in the world of seed 12; replay it: drover simulate --hunt 1 --from 12 --trace\n");
}

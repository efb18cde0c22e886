#include "drover/actors/cli/hunting.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/crash_note.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/sim/fingerprint.hpp"
#include "drover/actors/sim/hunt.hpp"
#include "drover/actors/sim/trace.hpp"

#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>

namespace drover::cli {

namespace {

using ending = sim::hunt_result::ending;
using clock = std::chrono::steady_clock;

constexpr auto count_interval = std::chrono::milliseconds{200};
constexpr auto clear_line = "\r\x1b[K";

std::string replay_command(std::uint64_t seed, bool swarm) {
  return "drover simulate --hunt 1 --from " + std::to_string(seed) + (swarm ? " --swarm" : "") + " --trace";
}

int code_of(ending how) {
  switch (how) {
  case ending::violated:
    return exit_code::violated;
  case ending::no_progress:
    return exit_code::no_progress;
  case ending::crashed:
    return exit_code::crashed;
  case ending::well:
    break;
  }
  return exit_code::completed;
}

std::string kind_of(ending how) {
  switch (how) {
  case ending::violated:
    return "an invariant was violated";
  case ending::no_progress:
    return "no progress";
  case ending::crashed:
    return "an exception that should not be";
  case ending::well:
    break;
  }
  return "all went well";
}

// Behind the last seed the first would follow, and say nothing of it.
void check_seeds(const hunt_settings& settings) {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  if (settings.seeds > 1 && settings.from > last - (settings.seeds - 1))
    throw std::invalid_argument("--hunt " + std::to_string(settings.seeds) + " --from " +
                                std::to_string(settings.from) + " goes beyond the last seed, " + std::to_string(last));
}

/// Worlds so far, drawn over and over on a terminal.
class counter {
public:
  counter(const hunt_settings& settings, std::ostream& out) : settings_(settings), out_(out) {}

  void show(std::uint64_t done) {
    if (settings_.terminal == 0 || settings_.trace || clock::now() < next_)
      return;
    next_ = clock::now() + count_interval;
    auto text = std::to_string(done) + " of " + std::to_string(settings_.seeds) + " seeds";
    out_ << clear_line << text.substr(0, settings_.terminal - 1) << std::flush;
    drawn_ = true;
  }

  void finish() {
    if (drawn_)
      out_ << clear_line << std::flush;
  }

private:
  const hunt_settings& settings_;
  std::ostream& out_;
  clock::time_point next_ = clock::now() + count_interval;
  bool drawn_ = false;
};

} // namespace

int hunt_seeds(const hunt_settings& settings, std::ostream& out, std::ostream& err) {
  check_seeds(settings);
  auto begun = clock::now();
  counter count{settings, out};
  crash_note note;
  sim::trace trace{out};
  sim::fingerprint all;
  std::uint64_t events = 0;
  double seconds = 0;
  for (std::uint64_t done = 0; done < settings.seeds; ++done) {
    count.show(done);
    auto seed = settings.from + done;
    auto replay = replay_command(seed, settings.swarm);
    note.write("\ndrover: the process crashed in the world of seed " + std::to_string(seed) + "; replay it: " + replay +
               "\n");
    auto result = sim::hunt(seed, settings.swarm, settings.trace ? &trace : nullptr);
    all.add(result.fingerprint);
    events += result.events;
    seconds += result.seconds;
    if (result.how == ending::well)
      continue;
    count.finish();
    out << std::flush;
    err << "drover: seed " << seed << ": " << kind_of(result.how) << ": " << result.sentence
        << "; replay it: " << replay << std::endl;
    return code_of(result.how);
  }
  count.finish();
  auto took = std::chrono::duration<double>(clock::now() - begun).count();
  out << "seeds        " << settings.seeds << ", from " << settings.from << (settings.swarm ? ", swarm" : "") << '\n'
      << "events       " << events << ", " << fixed(static_cast<double>(events) / took, 0) << " a second\n"
      << "virtual time " << duration(seconds) << '\n'
      << "fingerprint  " << fingerprint_text(all.value()) << std::endl;
  return exit_code::completed;
}

} // namespace drover::cli

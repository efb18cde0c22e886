#include "drover/actors/caf_compat.hpp"
#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/job_screen.hpp"
#include "drover/actors/cli/node_flags.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/node/job_door.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

// A job that looks at its nodes gives them less.
constexpr std::chrono::seconds look_timeout{5};
constexpr std::chrono::milliseconds first_wait{300};
constexpr auto clear_screen = "\x1b[H\x1b[2J";

options::options_description flags() {
  options::options_description result{"Top", help_columns, help_columns / 2};
  auto add = result.add_options();
  add("interval", options::value<std::string>()->value_name("SECONDS")->default_value("1"), "between two looks");
  add("once", "look once, and end");
  add("help,h", "this text");
  return result.add(credential_flags());
}

// Nothing where nobody answers any more. Throws where somebody refuses.
std::optional<message<messages::JobStatus>> ask(caf::actor_system& system, caf::scoped_actor& self,
                                                const places_actor& job, const std::string& token) {
  std::optional<message<messages::JobStatus>> result;
  compat::ask(self, job, look_timeout, ask_job{token})
      .receive([&result](const message<messages::JobStatus>& status) { result = status; },
               [&system](const caf::error& problem) {
                 if (problem.category() == caf::type_id_v<caf::sec> && problem != caf::sec::runtime_error)
                   return; // CAF's own word: it is gone
                 throw std::runtime_error("the job does not answer: " + explain(system, problem));
               });
  return result;
}

// True: asked to stop.
bool sleep(std::chrono::duration<double> time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock{mutex};
  static_cast<void>(changed.wait_for(lock, stop, time, [] { return false; }));
  return stop.stop_requested();
}

} // namespace

int run_top(std::span<const std::string> arguments) {
  auto known = flags();
  auto line = parse(arguments, known, 1);
  if (line.has("help")) {
    std::cout << "usage: drover top HOST:PORT\n\n"
                 "Shows a running job, over nodes or not, whose trainer listens there (drover train --listen): its\n"
                 "members and where they are, clocks, staleness, throughput, who waits for whom, and by which way\n"
                 "nodes send to each other.\n"
              << known << "\nexamples:\n  drover top 127.0.0.1:4600\n  drover top trainer:4600 --credentials secrets\n";
    return exit_code::completed;
  }
  if (line.files.empty())
    throw std::invalid_argument("there is no job to look at: say drover top HOST:PORT");
  auto trainer = node_address::parse(line.files.front());
  check_plain_text(line, trainer);
  auto own = credentials_of(line);
  auto interval = seconds_of(line, "interval", 1);
  interrupt signals;
  init_node_meta_objects();
  node_config config{own};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto redraws = terminal_columns() > 0 && !line.has("once");
  auto job = find_job(system, self, trainer);
  auto look = [&] { return ask(system, self, job, own ? own->token : ""); };
  // The first one has the shards asked: what they count is in the next.
  if (!look())
    throw std::runtime_error("the job at " + to_string(trainer) + " does not answer");
  static_cast<void>(sleep(first_wait, signals.token()));
  while (auto status = look()) {
    std::ostringstream screen;
    print_job(screen, *status->read());
    std::cout << (redraws ? clear_screen : "") << screen.str() << (redraws ? "" : "\n") << std::flush;
    if (line.has("once") || sleep(std::chrono::duration<double>(interval), signals.token()))
      return exit_code::completed;
  }
  std::cout << "the job is over, or there is no way to it any more" << std::endl;
  return exit_code::completed;
}

} // namespace drover::cli

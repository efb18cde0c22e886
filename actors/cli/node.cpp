#include "drover/actors/node/node.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/node_flags.hpp"
#include "drover/actors/node/make_credentials.hpp"
#include "drover/actors/node/node_config.hpp"
#include "drover/gpu/devices.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <limits>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

constexpr const char* default_listen = "127.0.0.1:4500";

options::options_description flags() {
  options::options_description result{"Node", help_columns, help_columns / 2};
  auto add = result.add_options();
  add("listen", options::value<std::string>()->value_name("ADDRESS:PORT")->default_value(default_listen),
      "where trainers connect to; port 0: any that is free");
  add("data-port", options::value<std::uint16_t>()->value_name("PORT"),
      "where parameters and gradients come in, at the same address; without: any that is free");
  add("join", options::value<std::string>()->value_name("HOST:PORT"),
      "take part in the job whose trainer listens there; see drover train --listen");
  add("advertise", options::value<std::string>()->value_name("HOST"),
      "by which other nodes reach this one when it joins; without: that of --listen, or this machine's name");
  add("keep-shards", options::value<std::string>()->value_name("SECONDS"),
      "how long shards wait for drover train --resume when their trainer is gone; 0: not at all [600]");
  add("credentials", options::value<std::string>()->value_name("DIR"), "encrypt, and let in who has the same");
  add("make-credentials", options::value<std::string>()->value_name("DIR"),
      "make them, for all nodes and trainers of a cluster, and end");
  add("plain-text", "allow an address that others than this host reach without credentials");
  add("child", "of a trainer: the token comes by standard input, whose end is this node's");
  add("help,h", "this text");
  return result;
}

void print_help(const options::options_description& known) {
  std::cout << "usage: drover node [flags]\n\n"
               "Makes this process a place for workers and shards of jobs that are started elsewhere, until Ctrl-C.\n"
            << known
            << "\nexamples:\n"
               "  drover node\n"
               "  drover node --make-credentials secrets\n"
               "  drover node --listen 0.0.0.0:4500 --credentials secrets\n"
               "  drover node --listen 0.0.0.0:4500 --credentials secrets --join trainer:4600\n"
               "  drover train job.json --nodes 127.0.0.1:4500\n";
}

std::string listen_of(const command_line& line) {
  auto given = text_of(line, "listen");
  return given.empty() ? default_listen : given;
}

std::uint16_t data_port_of(const command_line& line) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint16_t>::max();
  return static_cast<std::uint16_t>(whole_number(line, "data-port", {.most = most}, 0));
}

std::chrono::seconds keep_shards_of(const command_line& line, std::chrono::seconds otherwise) {
  constexpr std::uint64_t longest = 7 * 24 * 3600;
  return std::chrono::duration<std::uint64_t>{
      whole_number(line, "keep-shards", {.most = longest}, static_cast<std::uint64_t>(otherwise.count()))};
}

void describe(const node& one) {
  auto everywhere = one.address().host == "0.0.0.0" || one.address().host == "::";
  std::cout << "listening on " << to_string(one.address()) << '\n';
  for (const auto& device : gpu::find_devices().devices)
    if (device.problem.empty())
      std::cout << "device      " << device.description << '\n';
  auto memory = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::cout << "memory      " << bytes_text(memory) << "\nuse         --nodes "
            << to_string(everywhere ? node_address{host_name(), one.address().port} : one.address()) << std::endl;
}

// One line each, whole, for several threads say something.
void log(const std::string& sentence) {
  std::cerr << sentence + '\n' << std::flush;
}

void print_join(const node_address& trainer, std::uint32_t workers) {
  std::cout << "joined " << to_string(trainer) << ": " << going_on(workers, "worker") << " here" << std::endl;
}

// Whoever works here goes on elsewhere, where that can be.
void leave(node& here) {
  try {
    if (auto members = here.drain(); members > 0)
      std::cout << going_on(members, "member") << " elsewhere" << std::endl;
  } catch (const std::exception& problem) {
    log(problem.what());
  }
}

int serve(const command_line& line) {
  node_options how;
  how.listen = node_address::parse(listen_of(line));
  how.log = log;
  how.data_port = data_port_of(line);
  how.keep_shards = keep_shards_of(line, how.keep_shards);
  check_plain_text(line, how.listen);
  auto own = credentials_of(line);
  if (own)
    how.token = own->token;
  how.advertised_host = text_of(line, "advertise");
  std::optional<node_address> trainer;
  if (line.has("advertise") && !line.has("join"))
    throw std::invalid_argument("--advertise is for nodes that join a job: say --join HOST:PORT, too");
  if (line.has("join")) {
    trainer = node_address::parse(text_of(line, "join"));
    check_plain_text(line, *trainer);
  }
  interrupt signals;
  init_node_meta_objects();
  node_config config{own};
  caf::actor_system system{config};
  node here{system, std::move(how)};
  describe(here);
  if (trainer)
    print_join(*trainer, here.join(*trainer));
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock{mutex};
  changed.wait(lock, signals.token(), [] { return false; });
  leave(here);
  return exit_code::completed;
}

// What is sent to a trainer's whole process group reaches its children, too: it is for the trainer to say when they
// end.
int serve_trainer(const command_line& line) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    std::signal(signal, SIG_IGN);
  node_options how;
  if (!std::getline(std::cin, how.token))
    return exit_code::failed;
  init_node_meta_objects();
  node_config config{credentials_of(line), 0, reach::one_host};
  caf::actor_system system{config};
  node here{system, std::move(how)};
  std::cout << here.address().port << std::endl;
  std::string ignored;
  while (std::getline(std::cin, ignored)) {
  }
  return exit_code::completed;
}

} // namespace

int run_node(std::span<const std::string> arguments) {
  auto known = flags();
  auto line = parse(arguments, known, 0);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  if (line.has("make-credentials")) {
    make_credentials(text_of(line, "make-credentials"));
    std::cout << "copy " << text_of(line, "make-credentials")
              << " to every machine of the cluster; who has it is trusted" << std::endl;
    return exit_code::completed;
  }
  return line.has("child") ? serve_trainer(line) : serve(line);
}

} // namespace drover::cli

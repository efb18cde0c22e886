#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/node_flags.hpp"
#include "drover/actors/node/fleet.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>

#include <iostream>
#include <stdexcept>

namespace drover::cli {

int run_drain(std::span<const std::string> arguments) {
  auto known = credential_flags();
  known.add_options()("help,h", "this text");
  auto line = parse(arguments, known, 1);
  if (line.has("help")) {
    std::cout
        << "usage: drover drain HOST:PORT\n\n"
           "Lets the shards and workers on a node go on elsewhere; it takes no more of them, and may be stopped.\n"
        << known << "\nexamples:\n  drover drain a:4500 --credentials secrets\n";
    return exit_code::completed;
  }
  if (line.files.empty())
    throw std::invalid_argument("there is no node to drain: say drover drain HOST:PORT");
  node_access where;
  where.nodes = {node_address::parse(line.files.front())};
  check_plain_text(line, where.nodes.front());
  where.own = credentials_of(line);
  init_node_meta_objects();
  node_config config{where.own};
  caf::actor_system system{config};
  fleet nodes{system, where};
  auto members = nodes.drain(nodes.nodes().front());
  std::cout << to_string(where.nodes.front()) << " may be stopped: " << going_on(members, "member") << " elsewhere"
            << std::endl;
  return exit_code::completed;
}

} // namespace drover::cli

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/node_flags.hpp"
#include "drover/actors/node/find_nodes.hpp"
#include "drover/actors/node/node_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <stdexcept>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

// Where bulk goes, by name where it is one of those that were asked.
void print_link(const found_nodes& all, messages::DataLink::Reader link) {
  std::string peer = "another process";
  for (const auto& one : all.nodes)
    if (one.status.read()->getDataNumber() == link.getPeer())
      peer = to_string(one.address);
  std::cout << "  to " << peer << " by " << link.getWay().cStr() << ": " << bytes_text(link.getBytes()) << '\n';
}

void print(const found_nodes& all, const places_state::place& one) {
  auto status = one.status.read();
  std::cout << to_string(one.address) << "  " << status->getHost().cStr() << ", process " << status->getProcess()
            << ", " << status->getCores() << " cores, " << bytes_text(status->getMemoryBytes()) << '\n';
  for (auto device : status->getDevices())
    std::cout << "  " << device.cStr() << '\n';
  for (auto job : status->getJobs())
    std::cout << "  job " << job.getId().cStr() << ": " << job.getMembers()
              << (job.getMembers() == 1 ? " member, " : " members, ") << job.getModel().cStr() << " on "
              << job.getData().cStr()
              << (job.getIsKept() ? "; its trainer is gone: drover train --resume " + std::string{job.getId()} : "")
              << '\n';
  for (auto link : status->getLinks())
    print_link(all, link);
  if (status->getLeaving())
    std::cout << "  leaving: it takes no more members\n";
  else if (status->getJobs().size() == 0)
    std::cout << "  idle\n";
}

} // namespace

int run_nodes(std::span<const std::string> arguments) {
  auto known = node_flags();
  known.add_options()("help,h", "this text");
  auto line = parse(arguments, known, 0);
  if (line.has("help")) {
    std::cout << "usage: drover nodes --nodes HOST:PORT,…\n\nWho is there, and what it does.\n" << known;
    return exit_code::completed;
  }
  auto where = nodes_of(line);
  if (where.nodes.empty())
    throw std::invalid_argument("there are no nodes to ask: say --nodes HOST:PORT, or --nodes-file FILE");
  init_node_meta_objects();
  node_config config{where.own};
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto found = find_nodes(system, self, where.nodes, where.own ? where.own->token : "");
  for (const auto& one : found.nodes)
    print(found, one);
  found.wrong.raise();
  return exit_code::completed;
}

} // namespace drover::cli

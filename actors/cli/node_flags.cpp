#include "drover/actors/cli/node_flags.hpp"

#include "drover/actors/cli/flag_values.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fstream>
#include <stdexcept>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

std::ifstream open(const std::string& path) {
  std::ifstream file{path};
  if (!file)
    throw std::runtime_error("cannot read " + path);
  return file;
}

// One address a line; what follows a # is for people.
std::string read_nodes_file(const std::string& path) {
  auto file = open(path);
  std::string result;
  for (std::string line; std::getline(file, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos)
      continue;
    auto last = line.find_last_not_of(" \t\r");
    result += (result.empty() ? "" : ",") + line.substr(first, last + 1 - first);
  }
  return result;
}

bool is_loopback(const std::string& host) {
  in_addr address{};
  auto is_v4 = inet_pton(AF_INET, host.c_str(), &address) == 1;
  return host == "localhost" || host == "::1" || (is_v4 && ntohl(address.s_addr) >> 24 == 127);
}

} // namespace

options::options_description node_flags() {
  options::options_description result{"Nodes", help_columns, help_columns / 2};
  auto add = result.add_options();
  add("nodes", options::value<std::string>()->value_name("HOST:PORT,…"), "train on these nodes; see drover node");
  add("nodes-file", options::value<std::string>()->value_name("FILE"), "the same, one a line; # begins a comment");
  return result.add(credential_flags());
}

options::options_description credential_flags() {
  options::options_description result{"Who is let in", help_columns, help_columns / 2};
  auto add = result.add_options();
  add("credentials", options::value<std::string>()->value_name("DIR"),
      "what drover node --make-credentials made: the nodes have it, too");
  add("plain-text", "allow nodes that are not on this host without credentials: nothing is encrypted");
  return result;
}

std::string going_on(std::uint32_t count, const std::string& who) {
  return count == 1 ? "1 " + who + " goes on" : std::to_string(count) + ' ' + who + "s go on";
}

node_access nodes_of(const command_line& line) {
  auto list = text_of(line, "nodes");
  auto file = text_of(line, "nodes-file");
  if (line.has("nodes") && line.has("nodes-file"))
    throw std::invalid_argument("--nodes and --nodes-file both say which nodes to use: leave out one of them");
  node_access result;
  if (!line.has("nodes") && !line.has("nodes-file")) {
    for (const char* name : {"credentials", "plain-text"})
      if (line.has(name) && !line.has("listen"))
        throw std::invalid_argument(std::string{"--"} + name +
                                    " is for nodes, and none are named: say --nodes HOST:PORT");
    result.own = credentials_of(line);
    return result;
  }
  try {
    result.nodes = parse_node_list(line.has("nodes") ? list : read_nodes_file(file));
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument((line.has("nodes") ? "--nodes" : file) + ": " + problem.what());
  }
  for (const auto& one : result.nodes)
    check_plain_text(line, one);
  result.own = credentials_of(line);
  return result;
}

std::optional<credentials> credentials_of(const command_line& line) {
  if (!line.has("credentials"))
    return std::nullopt;
  if (line.has("plain-text"))
    throw std::invalid_argument("--credentials encrypts and --plain-text does not: leave out one of them");
  return credentials::load(text_of(line, "credentials"));
}

void check_plain_text(const command_line& line, const node_address& where) {
  if (!is_loopback(where.host) && !line.has("credentials") && !line.has("plain-text"))
    throw std::invalid_argument(to_string(where) +
                                " is not only this host's: say --credentials DIR, or --plain-text if everybody on the "
                                "network is trusted");
}

} // namespace drover::cli

#pragma once

#include "drover/actors/cli/flags.hpp"
#include "drover/actors/node/train_on_nodes.hpp"

#include <boost/program_options/options_description.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace drover::cli {

/// Flags that say which nodes to use: --nodes, --nodes-file, --credentials, --plain-text.
[[nodiscard]] boost::program_options::options_description node_flags();

/// --credentials and --plain-text alone.
[[nodiscard]] boost::program_options::options_description credential_flags();

/// "1 worker goes on"
[[nodiscard]] std::string going_on(std::uint32_t count, const std::string& who);

/// The nodes that a command line names; none where it names none. Throws with a sentence.
[[nodiscard]] node_access nodes_of(const command_line& line);

/// What --credentials names; nothing where there is no such flag.
[[nodiscard]] std::optional<credentials> credentials_of(const command_line& line);

/// Throws with a sentence for an address that others can listen in on, where there are no credentials and --plain-text
/// does not say that this is meant.
void check_plain_text(const command_line& line, const node_address& where);

} // namespace drover::cli

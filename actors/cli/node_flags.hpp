#pragma once

#include "drover/actors/cli/flags.hpp"
#include "drover/actors/node/train_on_nodes.hpp"

#include <boost/program_options/options_description.hpp>

#include <string>

namespace drover::cli {

/// Flags that say which nodes to use: --nodes, --nodes-file, --token-file, --plain-text.
[[nodiscard]] boost::program_options::options_description node_flags();

/// The nodes that a command line names; none where it names none. Throws with a sentence.
[[nodiscard]] node_access nodes_of(const command_line& line);

/// What --token-file names: one line that is not empty. Empty where there is no such flag.
[[nodiscard]] std::string token_of(const command_line& line);

/// Throws with a sentence for an address that others can listen in on, unless --plain-text says that this is meant.
void check_plain_text(const command_line& line, const node_address& where);

} // namespace drover::cli

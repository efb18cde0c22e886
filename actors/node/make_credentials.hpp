#pragma once

#include <filesystem>

namespace drover {

/// Certificates are valid for so long from when they are made; then all nodes need new credentials.
constexpr int credentials_days = 3650;

/// Makes a folder that `credentials::load` accepts, with a new authority, certificate, key (EC P-256) and token. The
/// folder must not be there yet; it is there whole then, or not at all. Throws std::runtime_error with a sentence.
///
/// The authority's key is written nowhere: running a cluster does not need it, and without it nobody can sign for a
/// stranger. A node is added by copying the folder to its machine; to shut one out, make new credentials.
void make_credentials(const std::filesystem::path& folder);

} // namespace drover

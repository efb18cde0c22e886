#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace drover {

/// What the nodes and the trainer of a cluster share, a folder of four files:
///
///     ca.pem     who is trusted: the certificate of the cluster's own authority
///     node.pem   what each of them shows, as a server and as a client, signed by the authority
///     node.key   its private key
///     token      what a node or trainer sends to join: 64 hexadecimal digits
///
/// CAF's TLS does not check host names: whoever has a certificate of the authority is trusted. So each cluster has an
/// authority of its own, and who has the folder is in.
struct credentials {
  std::filesystem::path authority;   ///< PEM, one certificate
  std::filesystem::path certificate; ///< PEM
  std::filesystem::path key;         ///< PEM, without passphrase
  std::string token;

  /// Reads and checks all of it: each file is there and is what it should be; the certificate is signed by the
  /// authority, serves both ends of a connection and is valid today; the key is its key; nobody else on the machine
  /// can read key and token, or write any of the files. Throws std::runtime_error with a sentence that names the file.
  ///
  /// The files have to stay: CAF reads them for each connection.
  [[nodiscard]] static credentials load(const std::filesystem::path& folder);
};

/// Whether two tokens are the same; how long that takes does not tell where they differ.
[[nodiscard]] bool same_token(std::string_view a, std::string_view b);

} // namespace drover

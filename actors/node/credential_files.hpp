#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace drover {

constexpr auto authority_file = "ca.pem";
constexpr auto certificate_file = "node.pem";
constexpr auto key_file = "node.key";
constexpr auto token_file = "token";

constexpr std::size_t token_digits = 64; ///< of 256 bits

enum class secrecy {
  open,  ///< all may read it
  secret ///< nobody else may
};

// All throw std::runtime_error with a sentence that names the file or folder.

/// It is there, and is a folder.
void check_credential_folder(const std::filesystem::path& folder);

/// A file, whole. Refuses one that others on the machine may write, and a secret that others may read. The group may
/// read a secret of root's: that is how secrets are handed to a service.
[[nodiscard]] std::string read_credential(const std::filesystem::path& file, secrecy kind);

/// A folder, for nobody else, that is written beside its place and then moved there, whole. Without `commit` nothing
/// stays of it.
class new_credential_folder {
public:
  /// Refuses a place where something is.
  explicit new_credential_folder(const std::filesystem::path& place);
  ~new_credential_folder();
  new_credential_folder(const new_credential_folder&) = delete;
  new_credential_folder& operator=(const new_credential_folder&) = delete;

  void write(const std::string& name, std::string_view contents, secrecy kind);
  void commit();

private:
  [[noreturn]] void fail(const std::string& why) const;

  std::filesystem::path place_;
  std::filesystem::path temporary_;
  bool committed_ = false;
};

} // namespace drover

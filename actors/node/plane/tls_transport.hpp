#pragma once

#include "drover/actors/node/plane/descriptor.hpp"
#include "drover/actors/node/plane/transport.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>

struct ssl_st;
struct ssl_ctx_st;

namespace drover::plane {

/// A TCP socket whose bytes nobody on the way can read or change: TLS 1.3 under a key that both ends derive from the
/// job's token. There are no certificates, and what was recorded stays secret even from who learns the token later. TLS
/// begins with the first read or write. Reading and writing are not for two threads: a connection is used in one
/// direction. The thread has its broken pipe signal blocked.
class tls_transport final : public transport {
public:
  enum class role { connecting, listening };
  /// Throws connection_lost where TLS 1.3 is not to be had.
  tls_transport(descriptor connected, role which, const std::string& token);

  void begin() override;
  [[nodiscard]] std::size_t read_some(std::span<std::byte> into) override;
  void write(std::span<iovec> pieces) override;
  void shutdown() override;
  [[nodiscard]] int handle() const override { return socket_.get(); }

private:
  static constexpr std::size_t key_bytes = 32;
  struct free_context {
    void operator()(ssl_ctx_st* context) const;
  };
  struct free_session {
    void operator()(ssl_st* session) const;
  };

  static unsigned key_for_client(ssl_st* session, const char* hint, char* name, unsigned name_max, unsigned char* key,
                                 unsigned key_max);
  static unsigned key_for_server(ssl_st* session, const char* name, unsigned char* key, unsigned key_max);
  void write_all(std::span<const std::byte> bytes);

  descriptor socket_;
  std::array<std::byte, key_bytes> key_{};
  std::unique_ptr<ssl_ctx_st, free_context> context_;
  std::unique_ptr<ssl_st, free_session> session_;
};

} // namespace drover::plane

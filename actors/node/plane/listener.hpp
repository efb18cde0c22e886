#pragma once

#include "drover/actors/node/plane/connection.hpp"
#include "drover/actors/node/plane/wake.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace drover::plane {

struct listen_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: any that is free
  std::chrono::milliseconds handshake_timeout{3000};
  std::size_t handshakes_max = 64; ///< under way at once; the oldest gives way to a new one
};

/// Accepts connections on a TCP port, and for processes of this host on a Unix socket of which the port tells them. One
/// thread, bounded memory whatever strangers send.
class listener {
public:
  /// A connection to a process that belongs to the job. Called in the listener's thread: begin a sender or receiver
  /// with it, or let it go.
  using accept_callback = std::function<void(connection)>;
  /// Who was refused and why, as one sentence. Called in the listener's thread.
  using refuse_callback = std::function<void(const std::string&)>;

  /// Throws connection_lost where the address cannot be had, std::invalid_argument for an impossible identity.
  listener(listen_options options, identity own, accept_callback accepted, refuse_callback refused);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

private:
  class loop;

  wake wake_;
  std::atomic<bool> stopping_ = false;
  std::uint16_t port_ = 0;
  std::unique_ptr<loop> loop_;
  std::thread thread_;
};

} // namespace drover::plane

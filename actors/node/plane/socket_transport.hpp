#pragma once

#include "drover/actors/node/plane/descriptor.hpp"
#include "drover/actors/node/plane/transport.hpp"

#include <cstdint>
#include <deque>
#include <sys/socket.h>

namespace drover::plane {

/// A connected stream socket, TCP or Unix. A Unix socket carries file descriptors as well.
class socket_transport final : public transport {
public:
  /// Descriptors that have come and were not taken yet. More are not what a peer of ours does.
  static constexpr std::size_t descriptors_max = 8;

  explicit socket_transport(descriptor connected);

  [[nodiscard]] std::size_t read_some(std::span<std::byte> into) override;
  void write(std::span<iovec> pieces) override;
  [[nodiscard]] std::span<iovec> write_now(std::span<iovec> pieces) override;
  void shutdown() override;
  [[nodiscard]] int handle() const override { return socket_.get(); }

  /// Unix sockets only: `bytes`, and with the first of them a copy of the descriptor.
  void write_with(std::span<std::byte> bytes, const descriptor& passed);
  /// The descriptor that came first of those that were not taken yet. Throws malformed_message where there is none.
  [[nodiscard]] descriptor take_descriptor();
  [[nodiscard]] bool has_descriptor() const { return !passed_.empty(); }

  /// A byte for a peer that reads nothing else: without waiting, as one that has not read the last is awake. Throws
  /// connection_lost.
  void wake_peer();

  /// A number for the peer, whole or not at all, without waiting. Any thread. What a peer that is gone, or that does
  /// not read, misses is lost.
  [[nodiscard]] bool notify(std::uint32_t number);
  /// Numbers of the peer that are there already, at most as many as fit. Throws connection_lost.
  [[nodiscard]] std::span<std::uint32_t> notified(std::span<std::uint32_t> into);

private:
  void send_all(msghdr& header);
  [[nodiscard]] bool send_some(msghdr& header, int flags);

  descriptor socket_;
  std::deque<descriptor> passed_;
};

/// A large buffer for a Unix socket; for TCP no waiting for more to send, and a peer whose machine is gone counts as
/// lost after a time.
void set_socket_options(const descriptor& socket, bool tcp);

} // namespace drover::plane

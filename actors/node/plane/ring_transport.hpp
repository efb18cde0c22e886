#pragma once

#include "drover/actors/node/plane/byte_ring.hpp"
#include "drover/actors/node/plane/shared_memory.hpp"
#include "drover/actors/node/plane/socket_transport.hpp"
#include "drover/actors/node/plane/wake.hpp"

#include <memory>
#include <optional>

namespace drover::plane {

/// One way between two processes of one host: bytes go through a ring in shared memory, so that a frame costs no call
/// of the system while the reader is awake. The Unix socket beside it wakes the reader, carries file descriptors,
/// brings numbers back, and tells when the peer is gone, however it went. Both processes are of one user and one job:
/// what the peer says is checked, but it could let this end wait.
class ring_transport final : public transport {
public:
  enum class end { writes, reads };

  ring_transport(descriptor connected, end which);

  /// Whether the system gives this process the memory of a ring.
  [[nodiscard]] static bool possible();

  /// The writing end makes the ring and passes it on; the reading end waits for that. Throws malformed_message, too.
  void begin() override;
  [[nodiscard]] std::size_t read_some(std::span<std::byte> into) override;
  void write(std::span<iovec> pieces) override;
  [[nodiscard]] std::span<iovec> write_now(std::span<iovec> pieces) override;
  void shutdown() override { socket_.shutdown(); }
  [[nodiscard]] int handle() const override { return socket_.handle(); }

  /// `bytes`, and a copy of the descriptor, which is there before them.
  void write_with(std::span<std::byte> bytes, const descriptor& passed);
  /// The descriptor that came first of those that were not taken yet. Throws malformed_message where there is none.
  [[nodiscard]] descriptor take_descriptor();

  // As of socket_transport.
  [[nodiscard]] bool notify(std::uint32_t number) { return socket_.notify(number); }
  [[nodiscard]] std::span<std::uint32_t> notified(std::span<std::uint32_t> into) { return socket_.notified(into); }

private:
  void make_ring();
  void open_ring();
  [[nodiscard]] std::span<iovec> put(std::span<iovec> pieces);
  void wait_for_room();

  socket_transport socket_;
  end which_;
  std::shared_ptr<shared_memory> memory_;
  std::optional<byte_ring> ring_;
  std::optional<wake> room_;
};

} // namespace drover::plane

#pragma once

#include "drover/actors/node/plane/descriptor.hpp"
#include "drover/actors/node/plane/handshake.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>

namespace drover::plane {

/// A connection that was accepted and has not said yet who it is: the listening end of a handshake, which never blocks.
class pending_handshake {
public:
  /// Sends the challenge. Throws connection_lost, handshake_refused.
  pending_handshake(descriptor connected, bool local, std::chrono::steady_clock::time_point deadline);

  /// Reads what is there. The hello where it is whole. Throws connection_lost, handshake_refused.
  [[nodiscard]] std::optional<hello> read(const identity& own);

  /// Throws connection_lost.
  void answer_with(const answer& what, const identity& own, const hello& heard);

  /// The connection, to be read and written by blocking calls; nothing is left here.
  [[nodiscard]] connection finish(const hello& heard, const identity& own, bool shared_memory);

  [[nodiscard]] int handle() const { return socket_.get(); }
  [[nodiscard]] bool local() const { return local_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const { return deadline_; }

private:
  descriptor socket_;
  bool local_;
  std::chrono::steady_clock::time_point deadline_;
  std::string address_;
  nonce challenge_ = random_nonce();
  std::array<std::byte, hello_bytes> bytes_{};
  std::size_t have_ = 0;
};

} // namespace drover::plane

#pragma once

#include "drover/actors/node/plane/ring_transport.hpp"
#include "drover/actors/node/plane/transport.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace drover::plane {

/// What both ends of a job must have in common.
struct identity {
  static constexpr std::size_t build_bytes_max = 64;
  static constexpr std::size_t token_bytes_min = 16;

  std::string build; ///< only equal builds understand each other's messages
  std::string token; ///< never travels: both ends prove that they know it
  /// What goes over TCP can be neither read nor changed on its way; leaves a quarter of the speed there.
  bool encrypted = false;
};

/// Which end of a connection this process has.
enum class side : std::uint8_t { writes = 1, reads = 2 };

/// How bytes get to the peer, in ascending order of speed.
enum class way : std::uint8_t { tls, tcp, unix_socket, shared_memory };

/// "tls", "tcp", "unix socket", "shared memory"
[[nodiscard]] const char* name_of(way which);

/// A connection to a process that has proved to belong to the job; what a sender or a receiver begins with.
struct connection {
  std::shared_ptr<transport> bytes;
  std::shared_ptr<ring_transport> memory; ///< the same, where shared memory is used
  plane::way way = plane::way::tcp;
  plane::side side = plane::side::writes;
  std::uint64_t peer = 0; ///< the number that the connecting process gave itself
  std::string address;    ///< of the peer, for sentences
};

/// What a handshake has agreed on.
struct agreement {
  plane::way way = plane::way::tcp;
  plane::side side = plane::side::writes;
  std::uint64_t peer = 0;
  bool connecting = true; ///< this process connected, and did not listen
};

/// Puts together what a socket becomes after the handshake; blocking calls read and write it from then on.
[[nodiscard]] connection make_connection(descriptor socket, std::string address, const agreement& what,
                                         const identity& own);

} // namespace drover::plane

#pragma once

#include "drover/actors/node/plane/descriptor.hpp"

#include <cstdint>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <vector>

namespace drover::plane {

/// A socket's address as the system knows it.
struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] int family() const { return storage.ss_family; }
};

/// "127.0.0.1:4500", "[::1]:4500", "a process of this host"
[[nodiscard]] std::string to_string(const socket_address& address);

/// All that a host's name or number stands for. Throws connection_lost.
[[nodiscard]] std::vector<socket_address> resolve(const std::string& host, std::uint16_t port);

/// An abstract Unix socket's: the name is in no file system.
[[nodiscard]] socket_address local_address(const std::string& name);

/// Where a socket is bound, and who is at its other end.
[[nodiscard]] socket_address own_address(const descriptor& socket);
[[nodiscard]] socket_address peer_address(const descriptor& socket);
[[nodiscard]] std::uint16_t port_of(const socket_address& address);

/// Whether the process at the other end of a Unix socket runs under this process's user.
[[nodiscard]] bool same_user(const descriptor& socket);

} // namespace drover::plane

#include "drover/actors/node/plane/address.hpp"

#include "drover/actors/node/plane/transport.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>

namespace drover::plane {

std::string to_string(const socket_address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address.get())->sin_addr, text.data(), text.size());
    return std::string{text.data()} + ":" + std::to_string(port_of(address));
  }
  if (address.family() == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_addr, text.data(), text.size());
    return "[" + std::string{text.data()} + "]:" + std::to_string(port_of(address));
  }
  return "a process of this host";
}

std::vector<socket_address> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (auto failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); failure != 0)
    throw connection_lost("the host \"" + host + "\" was not found: " + ::gai_strerror(failure));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, ::freeaddrinfo};
  std::vector<socket_address> result;
  for (auto entry = found; entry; entry = entry->ai_next) {
    auto& address = result.emplace_back();
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  return result;
}

socket_address local_address(const std::string& name) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  // The first byte stays 0: abstract.
  auto length = std::min(name.size(), sizeof local.sun_path - 1);
  std::memcpy(local.sun_path + 1, name.data(), length);
  socket_address result;
  result.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  std::memcpy(&result.storage, &local, result.size);
  return result;
}

socket_address own_address(const descriptor& socket) {
  socket_address result;
  result.size = sizeof result.storage;
  if (::getsockname(socket.get(), result.get(), &result.size) != 0)
    throw connection_lost(system_sentence("a socket does not know where it is bound", errno));
  return result;
}

socket_address peer_address(const descriptor& socket) {
  socket_address result;
  result.size = sizeof result.storage;
  // A peer that is gone already has none.
  static_cast<void>(::getpeername(socket.get(), result.get(), &result.size));
  return result;
}

std::uint16_t port_of(const socket_address& address) {
  if (address.family() == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_port);
  if (address.family() == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in*>(address.get())->sin_port);
  return 0;
}

bool same_user(const descriptor& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

} // namespace drover::plane

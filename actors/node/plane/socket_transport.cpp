#include "drover/actors/node/plane/socket_transport.hpp"

#include "drover/messages/frame.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace drover::plane {

namespace {

// What a Unix socket holds, for few changes between the two threads. TCP finds its own by measuring the link, and would
// do with less where it is told.
constexpr int local_buffer_bytes = 4 << 20;
// How long a machine that does not answer any more may be silent.
constexpr int silence_seconds = 10;
constexpr int silence_milliseconds_max = 30'000;

// Drops what was written from the front of the pieces.
void advance(msghdr& header, std::size_t written) {
  while (header.msg_iovlen > 0 && written >= header.msg_iov->iov_len) {
    written -= header.msg_iov->iov_len;
    ++header.msg_iov;
    --header.msg_iovlen;
  }
  if (header.msg_iovlen > 0) {
    header.msg_iov->iov_base = static_cast<std::byte*>(header.msg_iov->iov_base) + written;
    header.msg_iov->iov_len -= written;
  }
}

} // namespace

socket_transport::socket_transport(descriptor connected) : socket_(std::move(connected)) {}

std::size_t socket_transport::read_some(std::span<std::byte> into) {
  iovec piece{into.data(), into.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int) * descriptors_max)> room{};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = room.data();
  header.msg_controllen = room.size();
  ssize_t count = 0;
  do
    count = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    throw connection_lost(system_sentence("reading failed", errno));
  for (auto part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
      continue;
    for (std::size_t at = 0; at + CMSG_LEN(sizeof(int)) <= part->cmsg_len; at += sizeof(int)) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + at, sizeof number);
      passed_.emplace_back(number);
    }
  }
  if ((header.msg_flags & MSG_CTRUNC) != 0 || passed_.size() > descriptors_max)
    throw malformed_message("more than " + std::to_string(descriptors_max) + " file descriptors came at once");
  return static_cast<std::size_t>(count);
}

// False where it would have to wait and must not.
bool socket_transport::send_some(msghdr& header, int flags) {
  auto rest = header.msg_iovlen;
  header.msg_iovlen = std::min<std::size_t>(rest, IOV_MAX);
  auto count = ::sendmsg(socket_.get(), &header, flags | MSG_NOSIGNAL);
  header.msg_iovlen = rest;
  if (count < 0 && errno == EINTR)
    return true;
  if (count < 0 && (flags & MSG_DONTWAIT) != 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return false;
  if (count < 0)
    throw connection_lost(errno == EPIPE ? closed_by_peer : system_sentence("writing failed", errno));
  // What is passed goes with the first byte.
  header.msg_control = nullptr;
  header.msg_controllen = 0;
  advance(header, static_cast<std::size_t>(count));
  return true;
}

void socket_transport::send_all(msghdr& header) {
  while (header.msg_iovlen > 0)
    static_cast<void>(send_some(header, 0));
}

void socket_transport::write(std::span<iovec> pieces) {
  msghdr header{};
  header.msg_iov = pieces.data();
  header.msg_iovlen = pieces.size();
  send_all(header);
}

std::span<iovec> socket_transport::write_now(std::span<iovec> pieces) {
  msghdr header{};
  header.msg_iov = pieces.data();
  header.msg_iovlen = pieces.size();
  while (header.msg_iovlen > 0 && send_some(header, MSG_DONTWAIT)) {
  }
  return {header.msg_iov, header.msg_iovlen};
}

void socket_transport::write_with(std::span<std::byte> bytes, const descriptor& passed) {
  iovec piece{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> room{};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_control = room.data();
  header.msg_controllen = room.size();
  auto part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sizeof(int));
  auto number = passed.get();
  std::memcpy(CMSG_DATA(part), &number, sizeof number);
  send_all(header);
}

descriptor socket_transport::take_descriptor() {
  if (passed_.empty())
    throw malformed_message("shared memory was announced and no file descriptor came with it");
  auto result = std::move(passed_.front());
  passed_.pop_front();
  return result;
}

void socket_transport::wake_peer() {
  std::byte one{};
  iovec piece{&one, 1};
  static_cast<void>(write_now({&piece, 1}));
}

bool socket_transport::notify(std::uint32_t number) {
  return ::send(socket_.get(), &number, sizeof number, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof number;
}

std::span<std::uint32_t> socket_transport::notified(std::span<std::uint32_t> into) {
  auto count = ::recv(socket_.get(), into.data(), into.size_bytes(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return {};
  if (count < 0)
    throw connection_lost(system_sentence("reading failed", errno));
  if (count == 0)
    throw connection_lost("the peer has closed it");
  if (count % sizeof(std::uint32_t) != 0)
    throw malformed_message("a slot was given back by half a number");
  return into.first(static_cast<std::size_t>(count) / sizeof(std::uint32_t));
}

void socket_transport::shutdown() {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

void set_socket_options(const descriptor& socket, bool tcp) {
  auto set = [&socket](int level, int option, int value) {
    // A system that does not know one works without.
    static_cast<void>(::setsockopt(socket.get(), level, option, &value, sizeof value));
  };
  if (!tcp) {
    set(SOL_SOCKET, SO_SNDBUF, local_buffer_bytes);
    return;
  }
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, silence_seconds);
  set(IPPROTO_TCP, TCP_KEEPINTVL, silence_seconds);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, silence_milliseconds_max);
}

} // namespace drover::plane

#include "drover/actors/node/plane/connect.hpp"

#include "drover/actors/node/plane/address.hpp"
#include "drover/actors/node/plane/handshake.hpp"

#include <cerrno>
#include <optional>
#include <poll.h>
#include <span>

namespace drover::plane {

namespace {

using deadline = std::chrono::steady_clock::time_point;

void wait_for(const descriptor& socket, short events, deadline until) {
  auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  pollfd waited{.fd = socket.get(), .events = events, .revents = 0};
  if (left <= 0 || ::poll(&waited, 1, static_cast<int>(left)) == 0)
    throw connection_lost("it does not answer in time");
}

descriptor open_socket(const socket_address& to, deadline until) {
  descriptor socket{::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!socket)
    throw connection_lost(system_sentence("no socket could be made", errno));
  set_socket_options(socket, to.family() != AF_UNIX);
  if (::connect(socket.get(), to.get(), to.size) == 0)
    return socket;
  if (errno != EINPROGRESS)
    throw connection_lost(system_sentence("no connection", errno));
  wait_for(socket, POLLOUT, until);
  int failure = 0;
  socklen_t size = sizeof failure;
  static_cast<void>(::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size));
  if (failure != 0)
    throw connection_lost(system_sentence("no connection", failure));
  return socket;
}

template <std::size_t Size>
std::array<std::byte, Size> receive(const descriptor& socket, deadline until) {
  std::array<std::byte, Size> result{};
  for (std::size_t have = 0; have < Size;) {
    wait_for(socket, POLLIN, until);
    auto count = ::recv(socket.get(), result.data() + have, Size - have, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    if (count < 0)
      throw connection_lost(system_sentence("reading failed", errno));
    if (count == 0)
      throw connection_lost("it has closed the connection before an answer; its log says why");
    have += static_cast<std::size_t>(count);
  }
  return result;
}

answer shake_hands(const descriptor& socket, hello what, const identity& own, deadline until) {
  auto challenge = decode_challenge(receive<challenge_bytes>(socket, until));
  what.random = random_nonce();
  auto bytes = encode_hello(what, own, challenge);
  // The first that goes out always fits into the socket's buffer.
  if (::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
    throw connection_lost(system_sentence("writing failed", errno));
  auto result = decode_answer(receive<answer_bytes>(socket, until), own, what.random);
  if (!result.refusal.empty())
    throw connection_lost("it refuses this process: " + result.refusal);
  return result;
}

connection finish(descriptor socket, const hello& said, way by, const identity& own) {
  auto address = to_string(peer_address(socket));
  agreement what{.way = by,
                 .side = said.what == wish::to_write ? side::writes : side::reads,
                 .peer = said.peer,
                 .connecting = true};
  return make_connection(std::move(socket), std::move(address), what, own);
}

// Nothing: a container that shares the kernel and not its network, for one.
std::optional<connection> connect_locally(const std::string& name, const hello& what, const identity& own,
                                          deadline until) {
  try {
    auto socket = open_socket(local_address(name), until);
    if (!same_user(socket))
      return std::nullopt;
    auto heard = shake_hands(socket, what, own, until);
    return finish(std::move(socket), what, heard.shared_memory ? way::shared_memory : way::unix_socket, own);
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

connection connect_to(const socket_address& address, hello what, const identity& own, const connect_options& options,
                      deadline until) {
  if (options.best >= way::unix_socket) {
    auto wanted = what;
    what.what = wish::to_ask;
    auto ways = shake_hands(open_socket(address, until), what, own, until);
    what = wanted;
    what.shared_memory = options.best == way::shared_memory && ring_transport::possible();
    if (!ways.host.empty() && ways.host == host_id())
      if (auto local = connect_locally(ways.local_name, what, own, until))
        return std::move(*local);
  }
  what.shared_memory = false;
  auto socket = open_socket(address, until);
  static_cast<void>(shake_hands(socket, what, own, until));
  return finish(std::move(socket), what, own.encrypted ? way::tls : way::tcp, own);
}

} // namespace

connection connect(const std::string& host, std::uint16_t port, const identity& own, side which, std::uint64_t number,
                   const connect_options& options) {
  check_identity(own);
  auto until = std::chrono::steady_clock::now() + options.timeout;
  hello what;
  what.what = which == side::writes ? wish::to_write : wish::to_read;
  what.peer = number;
  std::string failure = "it has no address";
  for (const auto& address : resolve(host, port)) {
    try {
      return connect_to(address, what, own, options, until);
    } catch (const std::runtime_error& error) {
      failure = error.what();
    }
  }
  throw connection_lost("the data plane at " + host + ":" + std::to_string(port) + " cannot be reached: " + failure);
}

} // namespace drover::plane

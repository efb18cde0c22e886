#include "drover/actors/node/plane/pending_handshake.hpp"

#include "drover/actors/node/plane/address.hpp"

#include <cerrno>
#include <span>

namespace drover::plane {

namespace {

// What a handshake sends always fits into the buffer of a fresh socket.
void send_at_once(const descriptor& socket, std::span<const std::byte> bytes) {
  auto count = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count != static_cast<ssize_t>(bytes.size()))
    throw connection_lost(system_sentence("writing failed", errno));
}

} // namespace

pending_handshake::pending_handshake(descriptor connected, bool local, std::chrono::steady_clock::time_point deadline)
    : socket_(std::move(connected)), local_(local), deadline_(deadline), address_(to_string(peer_address(socket_))) {
  if (local && !same_user(socket_))
    throw handshake_refused("it runs under another user");
  set_socket_options(socket_, !local);
  send_at_once(socket_, encode_challenge(challenge_));
}

std::optional<hello> pending_handshake::read(const identity& own) {
  auto count = ::recv(socket_.get(), bytes_.data() + have_, bytes_.size() - have_, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return std::nullopt;
  if (count < 0)
    throw connection_lost(system_sentence("reading failed", errno));
  if (count == 0)
    throw handshake_refused("it closed the connection after " + std::to_string(have_) + " of the " +
                            std::to_string(bytes_.size()) + " bytes of a hello");
  have_ += static_cast<std::size_t>(count);
  if (have_ < bytes_.size())
    return std::nullopt;
  return decode_hello(bytes_, own, challenge_);
}

void pending_handshake::answer_with(const answer& what, const identity& own, const hello& heard) {
  send_at_once(socket_, encode_answer(what, own, heard.random));
}

connection pending_handshake::finish(const hello& heard, const identity& own, bool shared_memory) {
  auto network = own.encrypted ? way::tls : way::tcp;
  auto local = shared_memory ? way::shared_memory : way::unix_socket;
  agreement what{.way = local_ ? local : network,
                 .side = heard.what == wish::to_write ? side::reads : side::writes,
                 .peer = heard.peer,
                 .connecting = false};
  return make_connection(std::move(socket_), address_, what, own);
}

} // namespace drover::plane

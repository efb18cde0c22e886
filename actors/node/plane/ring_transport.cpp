#include "drover/actors/node/plane/ring_transport.hpp"

#include "drover/messages/frame.hpp"

#include <array>
#include <cerrno>
#include <poll.h>

namespace drover::plane {

namespace {

// What the socket carries to the reader besides descriptors says nothing but that there is something in the ring.
constexpr std::size_t wakes_at_once = 64;

} // namespace

ring_transport::ring_transport(descriptor connected, end which) : socket_(std::move(connected)), which_(which) {}

bool ring_transport::possible() {
  return shared_memory::make(byte_ring::memory_bytes).has_value();
}

void ring_transport::begin() {
  if (which_ == end::writes)
    make_ring();
  else
    open_ring();
  ring_.emplace(memory_->writable());
}

void ring_transport::make_ring() {
  auto made = shared_memory::make(byte_ring::memory_bytes, "drover-ring");
  if (!made)
    throw connection_lost("there are no " + std::to_string(byte_ring::memory_bytes) + " bytes of memory to share");
  memory_ = std::move(made->memory);
  room_.emplace();
  std::array<std::byte, 1> one{};
  socket_.write_with(one, made->file);
  socket_.write_with(one, room_->event());
}

void ring_transport::open_ring() {
  // A byte with each: the memory, and what the writer is woken by.
  for (int i = 0; i < 2; ++i) {
    std::array<std::byte, 1> one{};
    if (socket_.read_some(one) == 0)
      throw connection_lost(closed_by_peer);
  }
  memory_ = shared_memory::open_to_write(socket_.take_descriptor(), byte_ring::memory_bytes);
  room_.emplace(socket_.take_descriptor());
}

std::size_t ring_transport::read_some(std::span<std::byte> into) {
  for (;;) {
    auto taken = ring_->take(into);
    if (taken.wakes_writer)
      room_->signal();
    if (taken.bytes > 0 || into.empty())
      return taken.bytes;
    // The end is not there before the byte that says that there is something.
    std::array<std::byte, wakes_at_once> wakes{};
    if (ring_->wait_for_bytes() && socket_.read_some(wakes) == 0)
      return 0;
  }
}

void ring_transport::write(std::span<iovec> pieces) {
  for (auto left = write_now(pieces); !left.empty(); left = write_now(left))
    wait_for_room();
}

std::span<iovec> ring_transport::write_now(std::span<iovec> pieces) {
  auto left = put(pieces);
  if (ring_->publish())
    socket_.wake_peer();
  return left;
}

std::span<iovec> ring_transport::put(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    auto& piece = pieces.front();
    auto count = ring_->put({static_cast<const std::byte*>(piece.iov_base), piece.iov_len});
    if (count < piece.iov_len) {
      piece = {static_cast<std::byte*>(piece.iov_base) + count, piece.iov_len - count};
      break;
    }
    pieces = pieces.subspan(1);
  }
  return pieces;
}

void ring_transport::wait_for_room() {
  if (!ring_->wait_for_room())
    return;
  std::array<pollfd, 2> waited{pollfd{.fd = room_->handle(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = socket_.handle(), .events = POLLRDHUP, .revents = 0}};
  while (::poll(waited.data(), waited.size(), -1) < 0)
    if (errno != EINTR)
      throw connection_lost(system_sentence("waiting failed", errno));
  if (waited[1].revents != 0)
    throw connection_lost(closed_by_peer);
  room_->clear();
}

void ring_transport::write_with(std::span<std::byte> bytes, const descriptor& passed) {
  std::array<std::byte, 1> one{};
  socket_.write_with(one, passed);
  iovec piece{bytes.data(), bytes.size()};
  write({&piece, 1});
}

descriptor ring_transport::take_descriptor() {
  // It came before the bytes that speak of it: what is not there now does not come.
  pollfd there{.fd = socket_.handle(), .events = POLLIN, .revents = 0};
  std::array<std::byte, wakes_at_once> wakes{};
  while (!socket_.has_descriptor() && ::poll(&there, 1, 0) > 0 && socket_.read_some(wakes) > 0) {
  }
  return socket_.take_descriptor();
}

} // namespace drover::plane

#include "tests/bench/plain_stream.hpp"

#include "drover/messages/bulk.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace drover::bench {

namespace {

constexpr std::uint64_t answer_each = std::uint64_t{1} << 63;

// How many bytes, and how often. So large that what follows lies aligned in the system's buffers, too, from which it is
// copied fastest into aligned memory.
using task_words = std::array<std::uint64_t, bulk::alignment / sizeof(std::uint64_t)>;

void set_no_delay(int socket) {
  int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

void write_all(int to, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    auto count = write(to, bytes.data(), bytes.size());
    if (count <= 0)
      throw std::runtime_error("a plain stream ended");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void serve(int from) {
  set_no_delay(from);
  task_words task{};
  std::optional<bulk> memory;
  std::byte answer{};
  while (recv(from, task.data(), sizeof task, MSG_WAITALL) == sizeof task) {
    memory.emplace((task[0] + sizeof(float) - 1) / sizeof(float));
    auto place = std::as_writable_bytes(memory->values()).first(task[0]);
    auto count = task[1] & ~answer_each;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (recv(from, place.data(), place.size(), MSG_WAITALL) != static_cast<ssize_t>(place.size()))
        return;
      if (task[1] != count || i + 1 == count)
        write_all(from, {&answer, 1});
    }
  }
}

void begin(int socket, std::size_t bytes, std::uint64_t count) {
  task_words task{bytes, count};
  write_all(socket, std::as_bytes(std::span{task}));
}

} // namespace

plain_stream::plain_stream() {
  auto listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto address = reinterpret_cast<sockaddr*>(&at);
  if (bind(listening, address, size) != 0 || listen(listening, 1) != 0 || getsockname(listening, address, &size) != 0)
    throw std::runtime_error("no port for a plain stream");
  child_ = std::make_unique<child_process>([listening] { serve(accept(listening, nullptr, nullptr)); });
  socket_ = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(socket_, address, size) != 0)
    throw std::runtime_error("no plain stream");
  set_no_delay(socket_);
  close(listening);
}

plain_stream::~plain_stream() {
  close(socket_);
}

void plain_stream::send(std::span<const std::byte> bytes, std::size_t count) const {
  begin(socket_, bytes.size(), count);
  for (std::size_t i = 0; i < count; ++i)
    write_all(socket_, bytes);
  read_answer();
}

void plain_stream::ask(std::span<const std::byte> bytes, std::size_t count) const {
  begin(socket_, bytes.size(), count | answer_each);
  for (std::size_t i = 0; i < count; ++i) {
    write_all(socket_, bytes);
    read_answer();
  }
}

void plain_stream::read_answer() const {
  std::byte answer{};
  if (recv(socket_, &answer, 1, 0) != 1)
    throw std::runtime_error("a plain stream ended");
}

} // namespace drover::bench

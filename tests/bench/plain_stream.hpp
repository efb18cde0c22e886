#pragma once

#include "tests/bench/child_process.hpp"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace drover::bench {

/// A process at the other end of a plain TCP stream on loopback: reads so many bytes, so often, into one place, then
/// answers a byte. What the system's TCP can do, and the least that anything over it costs.
class plain_stream {
public:
  plain_stream();
  ~plain_stream();
  plain_stream(const plain_stream&) = delete;
  plain_stream& operator=(const plain_stream&) = delete;

  /// Comes back when all has been read at the other end.
  void send(std::span<const std::byte> bytes, std::size_t count) const;
  /// Sends `count` times and waits for a byte of answer each time.
  void ask(std::span<const std::byte> bytes, std::size_t count) const;

private:
  void read_answer() const;

  std::unique_ptr<child_process> child_;
  int socket_ = -1;
};

} // namespace drover::bench

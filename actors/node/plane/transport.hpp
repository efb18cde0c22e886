#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <sys/uio.h>

namespace drover::plane {

/// A connection that is no more, or never came to be. The sentence says what became of it.
class connection_lost : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What is said of a connection that the peer has ended in order.
inline constexpr auto closed_by_peer = "the peer has closed it";

/// "WHAT: what the system's error NUMBER means"
[[nodiscard]] std::string system_sentence(const std::string& what, int number);

/// For a thread that uses a transport: writing to a peer that is gone is an error, not the end of the program.
void block_broken_pipe_signal();

/// The bytes of one connection, both ways. One thread reads and one writes at a time; any thread may shut it down. What
/// throws connection_lost throws malformed_message where the peer breaks the rules of the way.
class transport {
public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  virtual ~transport() = default;

  /// What both ends say to each other before all else; once, by the thread that reads or writes. Throws
  /// connection_lost.
  virtual void begin() {}

  /// Waits until there is something and reads what is there, as far as it fits. 0: the peer has closed its end. Throws
  /// connection_lost.
  [[nodiscard]] virtual std::size_t read_some(std::span<std::byte> into) = 0;

  /// Writes all of the pieces, one after the other; the array of pieces is used up. Throws connection_lost.
  virtual void write(std::span<iovec> pieces) = 0;
  /// The same, but only what goes without waiting, which may be nothing. The pieces that are left, the first of them
  /// cut short. Throws connection_lost.
  [[nodiscard]] virtual std::span<iovec> write_now(std::span<iovec> pieces) { return pieces; }

  /// Ends both directions: whoever waits in one of the above comes back.
  virtual void shutdown() = 0;

  /// What poll() can wait for: when it hangs up, the peer is gone.
  [[nodiscard]] virtual int handle() const = 0;
};

} // namespace drover::plane

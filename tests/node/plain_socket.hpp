#pragma once

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace drover::test {

/// A stranger that speaks TCP, and nothing above it.
class plain_socket {
public:
  explicit plain_socket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~plain_socket() { ::close(socket_); }
  plain_socket(const plain_socket&) = delete;
  plain_socket& operator=(const plain_socket&) = delete;

  /// Of this end.
  [[nodiscard]] std::string address() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }

  void say(const std::string& words) const { ::send(socket_, words.data(), words.size(), MSG_NOSIGNAL); }
  /// Sends this and the end of it.
  void say_all(const std::string& words) const {
    say(words);
    ::shutdown(socket_, SHUT_WR);
  }
  /// Waits for the other end to hang up; false where it never does.
  [[nodiscard]] bool is_hung_up_on() const {
    // Hundreds of connections come first, under ThreadSanitizer too.
    constexpr std::chrono::seconds longest{30};
    timeval wait{.tv_sec = longest.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    std::array<char, 256> answer{};
    ssize_t got = 0;
    do {
      got = ::recv(socket_, answer.data(), answer.size(), 0);
    } while (got > 0);
    return got == 0 || errno == ECONNRESET;
  }
  [[nodiscard]] bool has_ended() const {
    char answer = 0;
    return ::recv(socket_, &answer, 1, MSG_DONTWAIT) == 0;
  }

private:
  int socket_;
};

} // namespace drover::test

#include "drover/actors/node/node_address.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netdb.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace drover {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::chrono::duration<int, std::milli> pause_between_tries = 100ms;
// Names that cannot be resolved now will hardly be a little later.
constexpr auto try_max = 3s;

[[noreturn]] void refuse_address(std::string_view text, const std::string& why) {
  throw std::invalid_argument("\"" + std::string{text} + "\" is no node's address: " + why);
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

struct addresses {
  addrinfo* first = nullptr;
  addresses() = default;
  addresses(const addresses&) = delete;
  addresses& operator=(const addresses&) = delete;
  ~addresses() {
    if (first != nullptr)
      freeaddrinfo(first);
  }
};

// Empty, or why not.
std::string connect_once(const addrinfo& where, std::chrono::milliseconds timeout) {
  int socket = ::socket(where.ai_family, where.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, where.ai_protocol);
  if (socket < 0)
    return std::strerror(errno);
  std::string problem;
  if (connect(socket, where.ai_addr, where.ai_addrlen) != 0) {
    pollfd ready{.fd = socket, .events = POLLOUT, .revents = 0};
    int error = errno;
    socklen_t size = sizeof error;
    if (error == EINPROGRESS)
      error = poll(&ready, 1, static_cast<int>(timeout.count())) == 0 ? ETIMEDOUT : 0;
    if (error == 0)
      getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      problem = std::strerror(error);
  }
  close(socket);
  return problem;
}

std::string try_to_reach(const node_address& where, clock::time_point deadline) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  for (;;) {
    addresses found;
    if (auto error = getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &hints, &found.first))
      return "the name " + where.host + " cannot be resolved: " + gai_strerror(error);
    std::string problem;
    for (auto* one = found.first; one != nullptr; one = one->ai_next) {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
      problem = connect_once(*one, std::clamp<std::chrono::milliseconds>(left, 1ms, try_max));
      if (problem.empty())
        return {};
    }
    if (clock::now() + pause_between_tries > deadline)
      return problem;
    poll(nullptr, 0, pause_between_tries.count()); // nobody tells when somebody begins to listen
  }
}

} // namespace

node_address node_address::parse(std::string_view text) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    refuse_address(text, "say HOST:PORT");
  auto host = text.substr(0, colon);
  auto digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    refuse_address(text, "an IPv6 address stands in brackets, as in [::1]:4500");
  if (host.empty())
    refuse_address(text, "there is no host before the colon");
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty())
    refuse_address(text, "the port is a whole number from 0 to 65535");
  return {std::string{host}, port};
}

std::string to_string(const node_address& where) {
  auto host = where.host.find(':') == std::string::npos ? where.host : "[" + where.host + "]";
  return host + ":" + std::to_string(where.port);
}

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::vector<node_address> parse_node_list(std::string_view text) {
  std::vector<node_address> result;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    auto comma = std::min(text.find(','), text.size());
    auto one = node_address::parse(trimmed(text.substr(0, comma)));
    if (std::ranges::find(result, one) != result.end())
      throw std::invalid_argument("the node " + to_string(one) + " is named twice");
    result.push_back(std::move(one));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (result.empty())
    throw std::invalid_argument("there are no nodes: say HOST:PORT, or several separated by commas");
  return result;
}

std::vector<std::string> wait_until_reachable(const std::vector<node_address>& nodes,
                                              std::chrono::milliseconds timeout) {
  std::vector<std::string> result(nodes.size());
  std::vector<std::jthread> tries;
  auto deadline = clock::now() + timeout;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    tries.emplace_back([&, i] { result[i] = try_to_reach(nodes[i], deadline); });
  tries.clear();
  return result;
}

} // namespace drover

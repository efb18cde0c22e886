#include "drover/actors/node/plane/listener.hpp"

#include "drover/actors/node/plane/address.hpp"
#include "drover/actors/node/plane/pending_handshake.hpp"
#include "drover/actors/node/plane/ring_transport.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <poll.h>
#include <vector>

namespace drover::plane {

namespace {

// After the system gave no descriptor for a connection, the next try comes so much later.
constexpr std::chrono::milliseconds accept_pause{200};

descriptor bound_socket(const socket_address& to) {
  descriptor socket{::socket(to.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  int yes = 1;
  if (socket && to.family() != AF_UNIX)
    static_cast<void>(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes));
  if (!socket || ::bind(socket.get(), to.get(), to.size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
    throw connection_lost(system_sentence("the data plane cannot listen at " + to_string(to), errno));
  return socket;
}

std::string random_name() {
  std::string result = "drover-plane-";
  for (auto byte : random_nonce()) {
    constexpr auto digits = "0123456789abcdef";
    result += digits[std::to_integer<unsigned>(byte) >> 4];
    if (result.size() == 45)
      break;
  }
  return result;
}

} // namespace

class listener::loop {
public:
  loop(listen_options options, identity own, accept_callback accepted, refuse_callback refused)
      : options_(std::move(options)), own_(std::move(own)), accepted_(std::move(accepted)),
        refused_(std::move(refused)), local_name_(random_name()),
        tcp_(bound_socket(resolve(options_.address, options_.port).front())),
        local_(bound_socket(local_address(local_name_))) {}

  [[nodiscard]] std::uint16_t port() const { return port_of(own_address(tcp_)); }

  void run(const wake& woken, const std::atomic<bool>& stopping) {
    while (!stopping) {
      std::vector<pollfd> waited{{.fd = woken.handle(), .events = POLLIN, .revents = 0}};
      auto now = clock::now();
      for (auto* from : {&tcp_, &local_})
        waited.push_back({.fd = now < accept_after_ ? -1 : from->get(), .events = POLLIN, .revents = 0});
      for (const auto& one : pending_)
        waited.push_back({.fd = one.handle(), .events = POLLIN, .revents = 0});
      ::poll(waited.data(), waited.size(), milliseconds_to_wait(now));
      // From behind, and before others are added: what ends is taken out.
      for (auto i = pending_.size(); i > 0; --i)
        if (waited[i + 2].revents != 0 || clock::now() >= pending_[i - 1].deadline())
          go_on(i - 1);
      if (waited[1].revents != 0)
        accept_from(tcp_, false);
      if (waited[2].revents != 0)
        accept_from(local_, true);
    }
  }

private:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] int milliseconds_to_wait(clock::time_point now) const {
    auto next = clock::time_point::max();
    if (now < accept_after_)
      next = accept_after_;
    for (const auto& one : pending_)
      next = std::min(next, one.deadline());
    if (next == clock::time_point::max())
      return -1;
    return static_cast<int>(
        std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(next - now).count()));
  }

  void accept_from(const descriptor& listening, bool local) {
    descriptor connected{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!connected) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        refused_(system_sentence("the data plane cannot accept a connection", errno));
        accept_after_ = clock::now() + accept_pause;
      }
      return;
    }
    auto address = to_string(peer_address(connected));
    try {
      if (pending_.size() == options_.handshakes_max) {
        refuse(pending_.front().address(), "too many others began a handshake after it");
        pending_.pop_front();
      }
      pending_.emplace_back(std::move(connected), local, clock::now() + options_.handshake_timeout);
    } catch (const std::runtime_error& error) {
      refuse(address, error.what());
    }
  }

  // What this handshake has to say, or its end.
  void go_on(std::size_t index) {
    auto& one = pending_[index];
    try {
      auto heard = one.read(own_);
      if (!heard && clock::now() < one.deadline())
        return;
      if (!heard)
        throw handshake_refused("it has not said hello within " + std::to_string(options_.handshake_timeout.count()) +
                                " ms");
      welcome(one, *heard);
    } catch (const std::exception& error) {
      refuse(one.address(), error.what());
    }
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(index));
  }

  void welcome(pending_handshake& from, const hello& heard) {
    auto memory = heard.shared_memory && from.local() && shared_memory_works_;
    // A stranger learns nothing else.
    auto welcome = heard.refusal.empty();
    from.answer_with({.shared_memory = welcome && memory,
                      .host = welcome ? host_ : "",
                      .local_name = welcome ? local_name_ : "",
                      .refusal = heard.refusal},
                     own_, heard);
    if (!heard.refusal.empty())
      throw handshake_refused(heard.refusal);
    if (heard.what != wish::to_ask)
      accepted_(from.finish(heard, own_, memory));
  }

  void refuse(const std::string& address, const std::string& why) {
    refused_("the data plane refused " + address + ": " + why);
  }

  listen_options options_;
  identity own_;
  accept_callback accepted_;
  refuse_callback refused_;
  std::string local_name_;
  std::string host_ = host_id();
  bool shared_memory_works_ = ring_transport::possible();
  descriptor tcp_;
  descriptor local_;
  std::deque<pending_handshake> pending_;
  clock::time_point accept_after_{};
};

listener::listener(listen_options options, identity own, accept_callback accepted, refuse_callback refused) {
  check_identity(own);
  loop_ = std::make_unique<loop>(std::move(options), std::move(own), std::move(accepted), std::move(refused));
  port_ = loop_->port();
  thread_ = std::thread{[this] { loop_->run(wake_, stopping_); }};
}

listener::~listener() {
  stopping_ = true;
  wake_.signal();
  thread_.join();
}

} // namespace drover::plane

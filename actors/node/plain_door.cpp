#include "drover/actors/node/plain_door.hpp"

#include "drover/actors/bulk_carrier.hpp"
#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/strangers.hpp"

#include <caf/actor_cast.hpp>
#include <caf/io/basp/header.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <caf/io/network/scribe_impl.hpp>
#include <caf/make_counted.hpp>

#include <cstddef>
#include <set>
#include <utility>

namespace drover {

namespace {

namespace io = caf::io;
using event_loop = io::network::default_multiplexer;

/// A client says the id of its process, some tens of bytes.
constexpr std::size_t handshake_bytes_max = 1024;

/// What CAF writes of a message, besides the largest that Drover sends: to whom, from whom, of which types.
constexpr std::size_t message_bytes_max = network_bytes_max + (std::size_t{1} << 20);

/// A connection that came in. Lives in the thread that serves the network.
///
///     greeting -> shaking_hands -> introduced -> known
///
/// What it was doing when it ended says whether it was a stranger.
class guest : public io::network::scribe_impl {
public:
  guest(event_loop& loop, io::network::native_socket socket) : scribe_impl(loop, socket) {
    begin_handshake(this, socket);
  }

  ~guest() override {
    try {
      if (auto ended = end_handshake(this); ended.was != handshake::state::none)
        handshake_ = std::move(ended);
      if (auto why = complaint(); !why.empty())
        log_stranger(handshake_.peer, why);
    } catch (...) {
      // It goes unsaid: this thread serves everybody.
    }
  }
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;

  // The header piece by piece, to know of one that does not come to its end.
  void configure_read(io::receive_policy::config how) override {
    if (stage_ == stage::greeting)
      how = io::receive_policy::at_most(io::basp::header_size - header_.size());
    is_oversized_ = how.second > message_bytes_max;
    scribe_impl::configure_read(is_oversized_ ? io::receive_policy::at_most(1) : how);
  }

  bool consume(compat::network_context* context, const void* bytes, std::size_t size) override {
    if (detached())
      return scribe_impl::consume(context, bytes, size);
    if (stage_ == stage::greeting) {
      auto& read = rd_buf();
      header_.insert(header_.end(), read.begin(), read.begin() + static_cast<std::ptrdiff_t>(size));
      if (header_.size() < io::basp::header_size) {
        configure_read({});
        return true;
      }
      if (!begins_handshake()) {
        parent()->close(hdl());
        return false;
      }
      stage_ = stage::shaking_hands;
      read = header_;
      return scribe_impl::consume(context, read.data(), read.size());
    }
    auto goes_on = scribe_impl::consume(context, bytes, size);
    if (detached())
      return goes_on;
    stage_ = stage_ == stage::shaking_hands ? after_handshake() : stage::known;
    if (!is_oversized_)
      return goes_on;
    // What CAF knows of it already must not be taken for the next connection's.
    static_cast<io::basp_broker*>(parent())->connection_cleanup(hdl(), caf::sec::malformed_basp_message);
    parent()->close(hdl());
    return false;
  }

private:
  enum class stage { greeting, shaking_hands, introduced, known };

  // As CAF writes it: what it is in the first byte, in the second four how much follows, the highest byte first.
  [[nodiscard]] bool begins_handshake() const {
    std::size_t follows = 0;
    for (std::size_t i = 4; i < 8; ++i)
      follows = follows << 8 | static_cast<std::size_t>(header_[i]);
    return static_cast<std::uint8_t>(header_[0]) ==
               static_cast<std::uint8_t>(io::basp::message_type::client_handshake) &&
           follows > 0 && follows <= handshake_bytes_max;
  }

  // Of two connections to the same process CAF forgets one, and its client hangs up: no stranger.
  stage after_handshake() {
    handshake_ = end_handshake(this);
    return static_cast<io::basp_broker*>(parent())->instance.tbl().lookup_direct(hdl()) ? stage::introduced
                                                                                        : stage::known;
  }

  [[nodiscard]] std::string complaint() const {
    if (handshake_.was == handshake::state::given_up)
      return "others came while it had not shaken hands";
    if (is_oversized_)
      return "it announced a message larger than any of Drover's";
    if (stage_ == stage::introduced)
      return "it hung up right after the handshake: it is another version of Drover, or gave up";
    if (stage_ == stage::shaking_hands || (stage_ == stage::greeting && !header_.empty()))
      return "what it said is no handshake of Drover's";
    return {};
  }

  handshake handshake_;     ///< when it ended
  caf::byte_buffer header_; ///< what came of it
  stage stage_ = stage::greeting;
  bool is_oversized_ = false; ///< what was announced last
};

class door : public io::network::doorman_impl {
public:
  using doorman_impl::doorman_impl;

  bool new_connection() override {
    if (detached())
      return false;
    auto& loop = acceptor_.backend();
    auto socket = acceptor_.accepted_socket();
    io::network::keepalive(socket, true);
    auto newcomer = caf::make_counted<guest>(loop, socket);
    auto connection = newcomer->hdl();
    parent()->add_scribe(std::move(newcomer));
    return io::doorman::new_connection(&loop, connection);
  }
};

} // namespace

caf::expected<std::uint16_t> publish_in_plain_text(caf::actor_system& system, const caf::actor& what,
                                                   const std::string& host, std::uint16_t port) {
  // Re-use: a node may have died at this port a moment ago.
  auto socket = io::network::new_tcp_acceptor_impl(port, host.c_str(), true);
  if (!socket)
    return std::move(socket.error());
  auto& loop = static_cast<event_loop&>(system.middleman().backend());
  io::doorman_ptr opened = caf::make_counted<door>(loop, *socket);
  auto found = opened->port();
  compat::anon_send(system.middleman().get_named_broker("BASP"), caf::publish_atom_v, std::move(opened), found,
                    caf::actor_cast<caf::strong_actor_ptr>(what), std::set<std::string>{});
  return found;
}

} // namespace drover

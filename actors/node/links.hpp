#pragma once

#include "drover/actors/bulk_carrier.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/node/plane/connection.hpp"
#include "drover/actors/node/plane/listener.hpp"
#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include <caf/actor_system.hpp>
#include <caf/node_id.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace drover {

/// Where a process takes connections of the data plane, and the secret that lets others in. Who was let in by CAF's
/// connection is told both.
struct links_address {
  node_address where;
  std::string token;
};

/// A process's connections of the data plane: the messages of each step go to actors of other processes, and come from
/// them, past CAF's network layer. A connection that ends is not made again: what it carried goes by CAF's network
/// layer then, or, where the other process is gone, nowhere.
///
/// Encrypted where the actor system is. Any thread.
class links : public bulk_carrier {
public:
  using log_function = std::function<void(const std::string&)>;

  /// `log`: told, from other threads, of strangers that were refused and connections that ended; may be empty. `best`:
  /// no better way is tried where this process connects.
  links(caf::actor_system& system, log_function log, plane::way best = plane::way::shared_memory);
  ~links() override;
  links(const links&) = delete;
  links& operator=(const links&) = delete;

  /// Lets others connect. `where`: port 0 for any that is free. Throws std::runtime_error with a sentence.
  void listen(const node_address& where);
  /// Port 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const std::string& token() const { return token_; }

  /// Connects to another process that listens, so that bulk goes there (side::writes) or comes from there
  /// (side::reads). Blocks for some seconds at most; nothing happens where there is such a connection. Throws
  /// std::runtime_error with a sentence.
  void open(const caf::node_id& peer, const links_address& at, plane::side which);

  [[nodiscard]] bool carry(const caf::strong_actor_ptr& to, std::uint16_t kind,
                           const std::shared_ptr<const frame>& what) override;

  /// One connection on which bulk is sent.
  struct outlet {
    std::uint64_t peer = 0; ///< number_of
    plane::way way = plane::way::tcp;
    plane::sender::counts traffic;
  };
  [[nodiscard]] std::vector<outlet> outlets() const;
  /// What this process is known by on the data plane, and any.
  [[nodiscard]] std::uint64_t number() const { return number_of(system_.node()); }
  [[nodiscard]] static std::uint64_t number_of(const caf::node_id& process);

  /// Ends all connections; others may be made afterwards.
  void clear();
  /// Ends all for good: the actor system is not used any more.
  void close();

private:
  using key = std::pair<std::uint64_t, plane::side>; ///< peer, and what this process does
  // A sender or a receiver, and whether its connection has ended.
  struct link {
    std::uint64_t opener = 0; ///< number of the process that connected
    std::unique_ptr<plane::sender> out;
    std::unique_ptr<plane::receiver> in;
    std::shared_ptr<std::atomic<bool>> ended = std::make_shared<std::atomic<bool>>(false);
  };

  void add(std::uint64_t peer, std::uint64_t opener, plane::connection over);
  void say(const std::string& sentence) const;

  caf::actor_system& system_;
  log_function log_;
  std::string token_;
  bool encrypted_;
  plane::way best_;
  std::mutex opening_;       ///< no two connections to one peer
  mutable std::mutex mutex_; ///< of what follows; never held while a thread is waited for
  std::map<key, std::shared_ptr<link>> links_;
  bool closed_ = false;
  std::unique_ptr<plane::listener> listener_;
};

} // namespace drover

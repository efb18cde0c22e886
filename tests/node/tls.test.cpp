#include "drover/actors/node/credentials.hpp"
#include "drover/actors/node/make_credentials.hpp"
#include "drover/actors/node/strangers.hpp"
#include "drover/actors/node/tls_guard.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>
#include <doctest/doctest.h>

#include "tests/models/temporary_folder.hpp"
#include "tests/node/plain_socket.hpp"
#include <chrono>
#include <deque>
#include <optional>
#include <string>

// What nodes rely on: CAF's TLS with the credentials that are made here, seen from outside.

using namespace drover;
using namespace drover::test;

namespace {

constexpr auto host = "127.0.0.1";

// Each answer comes in milliseconds; a connection that was lost answers never.
constexpr std::chrono::seconds answer_wait{2};

class tls_config : public caf::actor_system_config {
public:
  explicit tls_config(const std::optional<credentials>& own) {
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    set("caf.scheduler.max-threads", 1);
    if (!own)
      return;
    guard_tls(own->authority);
    set("caf.openssl.certificate", own->certificate.string());
    set("caf.openssl.key", own->key.string());
    set("caf.openssl.cafile", own->authority.string());
  }
};

/// An actor system of its own, as a process has one.
class peer {
public:
  explicit peer(const std::optional<credentials>& own = {})
      : config_(own), system_(prepared(config_)), self_(system_) {}
  ~peer() {
    if (published_)
      caf::anon_send_exit(published_, caf::exit_reason::user_shutdown);
  }
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  /// Publishes an actor that adds one; returns its port.
  std::uint16_t publish() {
    published_ = system_.spawn([] { return caf::behavior{[](int number) { return number + 1; }}; });
    auto port = caf::openssl::publish(published_, 0, host);
    REQUIRE(port);
    return *port;
  }

  caf::expected<caf::actor> connect(std::uint16_t port) { return caf::openssl::remote_actor(system_, host, port); }
  caf::expected<caf::actor> connect_in_plain_text(std::uint16_t port) {
    return system_.middleman().remote_actor(host, port);
  }

  bool answers(const caf::actor& whom) {
    bool result = false;
    self_->request(whom, answer_wait, 1)
        .receive([&result](int number) { result = number == 2; }, [](const caf::error&) {});
    return result;
  }

private:
  static caf::actor_system_config& prepared(tls_config& config) {
    static const bool once = [] {
      caf::io::middleman::init_global_meta_objects();
      caf::core::init_global_meta_objects();
      return true;
    }();
    (void)once;
    return config;
  }

  tls_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  caf::actor published_;
};

credentials made_in(const std::filesystem::path& folder) {
  make_credentials(folder);
  return credentials::load(folder);
}

/// The handshake failed; which of the two it is depends on how fast the answer came.
bool is_refusal(const caf::expected<caf::actor>& connected) {
  return connected == caf::sec::disconnect_during_handshake || connected == caf::sec::cannot_connect_to_node;
}

} // namespace

TEST_CASE("those who have the cluster's credentials talk, and strangers are refused") {
  temporary_folder outer;
  auto ours = made_in(outer.path() / "ours");
  auto theirs = made_in(outer.path() / "theirs");
  peer server{ours};
  auto port = server.publish();

  peer friendly{ours};
  auto found = friendly.connect(port);
  REQUIRE(found);
  CHECK(friendly.answers(*found));

  peer stranger{theirs};
  CHECK(is_refusal(stranger.connect(port)));
  // One who trusts us, and whom we do not.
  auto half = theirs;
  half.authority = ours.authority;
  CHECK(is_refusal(peer{half}.connect(port)));
  peer nobody;
  CHECK(is_refusal(nobody.connect(port)));
  CHECK(is_refusal(nobody.connect_in_plain_text(port)));
  // Nor do we take a stranger for a server of ours.
  CHECK(is_refusal(friendly.connect(stranger.publish())));

  CHECK(friendly.answers(*found));
}

TEST_CASE("the end of one connection harms no other, however it ends") {
  temporary_folder outer;
  auto ours = made_in(outer.path() / "ours");
  peer server{ours};
  auto port = server.publish();
  peer staying{ours};
  auto found = staying.connect(port);
  REQUIRE(found);
  REQUIRE(staying.answers(*found));

  // Each leaves an error in OpenSSL's queue of the server's I/O thread.
  for (const std::string words : {"", "GET / HTTP/1.0\r\n\r\n", "\x16\x03\x01"}) {
    CAPTURE(words);
    plain_socket stranger{port};
    stranger.say_all(words);
    CHECK(stranger.is_hung_up_on());
    CHECK(staying.answers(*found));
  }
  {
    peer leaving{ours};
    auto other = leaving.connect(port);
    REQUIRE(other);
    CHECK(leaving.answers(*other));
  }
  for (int i = 0; i < 5; ++i)
    CHECK(staying.answers(*found));
}

TEST_CASE("strangers who connect and say nothing are hung up on when there are too many, and keep nobody out") {
  temporary_folder outer;
  auto ours = made_in(outer.path() / "ours");
  peer server{ours};
  auto port = server.publish();
  peer before{ours};
  auto found = before.connect(port);
  REQUIRE(found);
  REQUIRE(before.answers(*found));

  constexpr std::size_t too_many = 10;
  std::deque<plain_socket> strangers;
  for (std::size_t i = 0; i < open_handshakes_max + too_many; ++i)
    strangers.emplace_back(port);
  // Whoever came first goes first.
  for (std::size_t i = 0; i < too_many; ++i)
    REQUIRE(strangers[i].is_hung_up_on());
  CHECK(!strangers[too_many].has_ended());
  CHECK(!strangers.back().has_ended());

  peer after{ours};
  auto other = after.connect(port);
  REQUIRE(other);
  CHECK(after.answers(*other));
  CHECK(before.answers(*found));
  // Those who are through their handshake are none of the many.
  strangers.clear();
  CHECK(before.answers(*found));
}

#pragma once

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <string>

namespace drover {

/// Publishes an actor in plain text, as `caf::io::middleman::publish` does; returns the port. Connections that come in
/// there are watched until they are through their handshake, so that garbage harms nobody and is told to
/// `report_strangers`:
///
/// - CAF reads as many bytes as the header of a message announces, into memory that it clears first, up to 4 GiB for 32
///   bytes from anybody (libcaf_io/src/io/basp/instance.cpp), and takes messages before the handshake. Here the first
///   message has to be a handshake, and a small one, and none may be larger than any of Drover's, 256 MiB: so much a
///   stranger who shakes hands can still have for a moment.
/// - CAF keeps a connection that says nothing for ever. Here they are bounded by `open_handshakes_max`.
/// - A server is not told to which programs its clients belong: it is they who check that. Whoever hangs up when they
///   have shaken hands and says nothing else has done that.
[[nodiscard]] caf::expected<std::uint16_t> publish_in_plain_text(caf::actor_system& system, const caf::actor& what,
                                                                 const std::string& host, std::uint16_t port);

} // namespace drover

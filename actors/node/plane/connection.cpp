#include "drover/actors/node/plane/connection.hpp"

#include "drover/actors/node/plane/tls_transport.hpp"

#include <fcntl.h>

namespace drover::plane {

const char* name_of(way which) {
  switch (which) {
  case way::tls:
    return "tls";
  case way::tcp:
    return "tcp";
  case way::unix_socket:
    return "unix socket";
  case way::shared_memory:
    return "shared memory";
  }
  return "unknown";
}

connection make_connection(descriptor socket, std::string address, const agreement& what, const identity& own) {
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  connection result{.bytes = nullptr,
                    .memory = nullptr,
                    .way = what.way,
                    .side = what.side,
                    .peer = what.peer,
                    .address = std::move(address)};
  if (what.way == way::tls) {
    auto role = what.connecting ? tls_transport::role::connecting : tls_transport::role::listening;
    result.bytes = std::make_shared<tls_transport>(std::move(socket), role, own.token);
    return result;
  }
  if (what.way == way::shared_memory) {
    auto end = what.side == side::writes ? ring_transport::end::writes : ring_transport::end::reads;
    result.memory = std::make_shared<ring_transport>(std::move(socket), end);
    result.bytes = result.memory;
    return result;
  }
  result.bytes = std::make_shared<socket_transport>(std::move(socket));
  return result;
}

} // namespace drover::plane

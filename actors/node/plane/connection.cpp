#include "drover/actors/node/plane/connection.hpp"

namespace drover::plane {

const char* name_of(way which) {
  switch (which) {
  case way::tcp:
    return "tcp";
  case way::unix_socket:
    return "unix socket";
  case way::shared_memory:
    return "shared memory";
  }
  return "unknown";
}

} // namespace drover::plane

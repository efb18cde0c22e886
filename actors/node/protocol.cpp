#include "drover/actors/node/protocol.hpp"

namespace drover {

std::string protocol() {
  return DROVER_PROTOCOL;
}

std::string application_protocol() {
  return "drover-" + protocol();
}

} // namespace drover

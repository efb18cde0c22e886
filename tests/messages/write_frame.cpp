// Writes one PushGradient with bulk data to standard output, in the standard stream format.

#include "drover/messages/message.hpp"
#include "drover/messages/training.capnp.h"

#include <cstdio>

int main() {
  auto memory = std::make_shared<drover::bulk>(2);
  memory->values()[0] = 1.0f;
  memory->values()[1] = -2.5f;
  drover::message_builder<drover::messages::PushGradient> push;
  push->setWorker(3);
  push->setSequence(9);
  auto blocks = push->initBlocks(1);
  blocks[0].setIndex(5);
  blocks[0].adoptValues(push.refer(memory->values(), memory));
  auto bytes = push.finish().segments().flatten();
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0 : 1;
}

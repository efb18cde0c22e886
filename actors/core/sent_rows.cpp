#include "drover/actors/core/sent_rows.hpp"

namespace drover {

namespace {

// Cap'n Proto aligns data to 8 bytes.
std::span<const float> floats(capnp::Data::Reader bytes) {
  return {reinterpret_cast<const float*>(bytes.begin()), bytes.size() / sizeof(float)};
}

} // namespace

message<messages::PushGradient> with_keys(const message<messages::PushGradient>& push,
                                          std::span<const signed_keys> lists) {
  auto from = push.read();
  message_builder<messages::PushGradient> result;
  result->setWorker(from->getWorker());
  result->setEpoch(from->getEpoch());
  result->setSequence(from->getSequence());
  result->setClock(from->getClock());
  result->setVersion(from->getVersion());
  result->setUpdatesWatched(from->getUpdatesWatched());
  result->setUpdatesLost(from->getUpdatesLost());
  result->setColumns(from->getColumns());
  auto sent = from->getBlocks();
  auto blocks = result->initBlocks(sent.size());
  for (unsigned i = 0; i < sent.size(); ++i) {
    blocks[i].setIndex(sent[i].getIndex());
    blocks[i].adoptValues(result.refer(floats(sent[i].getValues()), push.shared_segments()));
  }
  put_keys(lists, {}, result);
  auto rows = from->getRows();
  auto list = result->initRows(rows.size());
  for (unsigned table = 0; table < rows.size(); ++table)
    if (rows[table].size() != 0)
      list.adopt(table, result.refer(floats(rows[table]), push.shared_segments()));
  return result.finish();
}

} // namespace drover

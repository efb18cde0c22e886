#include "drover/actors/core/block_list.hpp"

#include "drover/actors/core/protocol_error.hpp"

namespace drover {

std::vector<const float*> check_blocks(capnp::List<messages::Block>::Reader blocks, const parameter_layout& layout,
                                       std::span<const std::uint32_t> expected, const std::string& who) {
  if (blocks.size() != expected.size())
    throw protocol_error(who + " sent " + std::to_string(blocks.size()) + " blocks instead of " +
                         std::to_string(expected.size()));
  std::vector<const float*> result;
  result.reserve(expected.size());
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    auto block = blocks[i];
    if (block.getIndex() != expected[i])
      throw protocol_error(who + " sent block " + std::to_string(block.getIndex()) + " where block " +
                           std::to_string(expected[i]) + " belongs");
    auto values = block.getValues();
    auto wanted = layout.blocks()[expected[i]].size * sizeof(float);
    if (values.size() != wanted)
      throw protocol_error(who + " sent " + std::to_string(values.size()) + " bytes for block " +
                           std::to_string(expected[i]) + ", which has " + std::to_string(wanted));
    // Cap'n Proto aligns data to 8 bytes.
    result.push_back(reinterpret_cast<const float*>(values.begin()));
  }
  return result;
}

} // namespace drover

#pragma once

#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/messages/bulk.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace drover::bench {

/// The training loop of a textbook, in the calling thread: a worker's own arithmetic and a shard's own update rule,
/// with nothing between them.
class bare_loop {
public:
  explicit bare_loop(std::shared_ptr<const job_context> context);

  void step(std::uint64_t t);

  /// All blocks, without the padding between them.
  [[nodiscard]] std::vector<float> parameters() const;

private:
  std::shared_ptr<const job_context> context_;
  gradient_computer computer_;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<gpu::stream> stream_;
  job_rules rules_;
  bulk parameters_;
  std::vector<const float*> blocks_;
  std::vector<float> state_;
};

} // namespace drover::bench

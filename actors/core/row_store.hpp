#pragma once

#include "drover/actors/core/row_table.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/messages/job.capnp.h"
#include "drover/messages/telemetry.capnp.h"
#include "drover/models/layout.hpp"
#include "drover/models/rules/update_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// Gradients of some rows of a table.
struct row_gradients {
  std::span<const std::uint64_t> keys; ///< ascending, each once
  const float* values = nullptr;       ///< the rows one after the other
};

/// A shard's rows of all sparse tables, with the state of the update rule beside each. Owned by one thread.
class row_store {
public:
  /// The rule must outlive it. Of the job it takes the seed, admitAfter and tableBytes, which all tables share in
  /// proportion to their widths.
  row_store(std::shared_ptr<const parameter_layout> layout, messages::Job::Reader job, const update_rule& rule);

  /// The rows as they are now, or as they would begin, in memory of their own; null for no keys.
  [[nodiscard]] shared_bulk read(std::size_t table, std::span<const std::uint64_t> keys);

  /// One update of each row.
  void apply(std::size_t table, const row_gradients& gradients, float learning_rate);
  /// One update of each row that any of them has: with the sum of theirs in the order given, divided by how many they
  /// all are.
  void apply_mean(std::size_t table, std::span<const row_gradients> gradients, float learning_rate);

  [[nodiscard]] std::size_t tables() const { return tables_.size(); }
  [[nodiscard]] row_table& table(std::size_t index) { return tables_[index]; }
  [[nodiscard]] const row_table& table(std::size_t index) const { return tables_[index]; }
  /// Floats of all rows that are there, without state.
  [[nodiscard]] std::size_t parameters() const;
  /// Fills in what is told of rows.
  void describe(messages::ShardReport::Builder report) const;

private:
  /// At the first of each few keys: they come next.
  void prefetch(std::size_t table, std::span<const std::uint64_t> keys, std::size_t next) const;
  void apply_row(std::size_t table, std::uint64_t key, const float* gradient, float learning_rate);

  std::shared_ptr<const parameter_layout> layout_;
  const update_rule& rule_;
  std::vector<row_table> tables_;
  std::vector<float> mean_; ///< scratch for one row
  bulk_pool pool_;
};

} // namespace drover

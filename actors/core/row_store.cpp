#include "drover/actors/core/row_store.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <variant>

namespace drover {

namespace {

// Answers under way, of all workers: what they let go of is used again.
constexpr std::size_t spares = 64;

// Rows whose cache misses are waited for together.
constexpr std::size_t prefetched = 24;

template <class Rule, std::size_t... Slots>
void update_row(const Rule& rule, const row_table::row& to, const float* gradient, std::index_sequence<Slots...>) {
  auto width = to.values.size();
  auto* values = to.values.data();
  auto* state = to.state.data();
  for (std::size_t i = 0; i < width; ++i)
    values[i] = rule(values[i], gradient[i], state[Slots * width + i]...);
}

// A row that is new to Adam is at its first update, however old its table is.
void update_row(const update_rule& rule, const row_table::row& to, const float* gradient, float learning_rate) {
  std::visit(
      [&](const auto& chosen) {
        using chosen_rule = std::decay_t<decltype(chosen)>;
        update_row(chosen, to, gradient, std::make_index_sequence<chosen_rule::slots>{});
      },
      rule.at({.learning_rate = learning_rate, .count = ++*to.updates}));
}

std::size_t total_width(const parameter_layout& layout) {
  std::size_t result = 0;
  for (const auto& table : layout.tables())
    result += table.width;
  return result;
}

/// A table's share of the limit. Never 0, which would be none.
std::uint64_t bytes_of(std::uint64_t limit, std::size_t width, std::size_t widths) {
  if (limit == 0)
    return 0;
  // The product may be larger than 64 bits.
  return std::max<std::uint64_t>(1, limit / widths * width + limit % widths * width / widths);
}

} // namespace

row_store::row_store(std::shared_ptr<const parameter_layout> layout, messages::Job::Reader job, const update_rule& rule)
    : layout_(std::move(layout)), rule_(rule), pool_(spares) {
  auto seed = job.getSeed();
  for (const auto& table : layout_->tables()) {
    row_table_options options{.width = table.width,
                              .state_slots = rule.state_slots(),
                              .admit_after = job.getAdmitAfter(),
                              .bytes_max = bytes_of(job.getTableBytes(), table.width, total_width(*layout_))};
    const auto& tensor = layout_->tensors()[table.tensor];
    tables_.emplace_back(options, [&tensor, seed](std::uint64_t key, std::span<float> values) {
      initialize(tensor, seed, key * values.size(), values.data(), values.size());
    });
    mean_.resize(std::max(mean_.size(), table.width));
  }
}

shared_bulk row_store::read(std::size_t table, std::span<const std::uint64_t> keys) {
  if (keys.empty())
    return nullptr;
  auto width = layout_->tables()[table].width;
  auto result = pool_.take(keys.size() * width);
  auto values = result->values();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    prefetch(table, keys, i);
    tables_[table].read(keys[i], values.subspan(i * width, width));
  }
  return result;
}

void row_store::prefetch(std::size_t table, std::span<const std::uint64_t> keys, std::size_t next) const {
  if (next % prefetched == 0)
    tables_[table].prefetch(keys.subspan(next, std::min(prefetched, keys.size() - next)));
}

void row_store::apply_row(std::size_t table, std::uint64_t key, const float* gradient, float learning_rate) {
  if (auto row = tables_[table].update(key))
    update_row(rule_, *row, gradient, learning_rate);
}

void row_store::apply(std::size_t table, const row_gradients& gradients, float learning_rate) {
  auto width = layout_->tables()[table].width;
  for (std::size_t i = 0; i < gradients.keys.size(); ++i) {
    prefetch(table, gradients.keys, i);
    apply_row(table, gradients.keys[i], gradients.values + i * width, learning_rate);
  }
}

void row_store::apply_mean(std::size_t table, std::span<const row_gradients> gradients, float learning_rate) {
  if (gradients.size() == 1)
    return apply(table, gradients.front(), learning_rate);
  auto width = layout_->tables()[table].width;
  struct part {
    std::uint64_t key;
    std::size_t of;
    const float* values;
  };
  std::vector<part> parts;
  for (std::size_t of = 0; of < gradients.size(); ++of)
    for (std::size_t i = 0; i < gradients[of].keys.size(); ++i)
      parts.push_back({gradients[of].keys[i], of, gradients[of].values + i * width});
  std::ranges::sort(parts, {}, [](const part& one) { return std::pair{one.key, one.of}; });
  auto share = 1.0f / static_cast<float>(gradients.size());
  auto mean = std::span{mean_}.first(width);
  for (auto next = parts.begin(); next != parts.end();) {
    auto key = next->key;
    std::copy_n(next->values, width, mean.begin());
    for (++next; next != parts.end() && next->key == key; ++next)
      for (std::size_t i = 0; i < width; ++i)
        mean[i] += next->values[i];
    for (auto& value : mean)
      value *= share;
    apply_row(table, key, mean.data(), learning_rate);
  }
}

std::size_t row_store::parameters() const {
  std::size_t result = 0;
  for (std::size_t table = 0; table < tables_.size(); ++table)
    result += tables_[table].size() * layout_->tables()[table].width;
  return result;
}

void row_store::describe(messages::ShardReport::Builder report) const {
  for (const auto& table : tables_) {
    report.setRows(report.getRows() + table.size());
    report.setRowBytes(report.getRowBytes() + table.bytes());
    report.setRowsEvicted(report.getRowsEvicted() + table.evicted());
    report.setUpdatesRefused(report.getUpdatesRefused() + table.refused());
  }
}

} // namespace drover

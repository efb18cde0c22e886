#include "drover/actors/core/column_queue.hpp"

#include "drover/actors/core/protocol_error.hpp"
#include "drover/models/random.hpp"

#include <numeric>
#include <string>

namespace drover {

std::optional<std::uint32_t> column_routes::worker_at(const column_visit& stay) const {
  auto round = stay.visit / workers;
  if (round >= rounds)
    return std::nullopt;
  std::vector<std::uint32_t> order(workers);
  std::iota(order.begin(), order.end(), 0u);
  permute(order, random_bits::key(seed, "route", stay.columns, round));
  return order[stay.visit % workers];
}

column_queue::column_queue(std::uint32_t worker, const column_routes& routes)
    : worker_(worker), routes_(routes), rounds_seen_(routes.columns) {
  for (std::uint32_t columns = 0; columns < routes.columns; ++columns)
    if (routes_.worker_at({columns, 0}) == worker_)
      arrive({columns, 0});
}

void column_queue::arrive(const column_visit& stay) {
  if (stay.columns >= routes_.columns || routes_.worker_at(stay) != worker_)
    throw protocol_error("columns " + std::to_string(stay.columns) + " came for visit " + std::to_string(stay.visit) +
                         ", which is not due here");
  auto round = stay.visit / routes_.workers;
  if (round < rounds_seen_[stay.columns])
    return;
  rounds_seen_[stay.columns] = round + 1;
  waiting_.push_back(stay);
}

block_turn column_queue::begin() {
  at_work_ = waiting_.front();
  waiting_.pop_front();
  auto [columns, visit] = at_work_;
  // Steps of a worker and visits of columns are as many an epoch, in proportion.
  return {columns, visit / routes_.workers, visit * routes_.columns / routes_.workers};
}

std::vector<column_queue::departure> column_queue::release(std::uint64_t applied) {
  std::vector<departure> result;
  for (; !leaving_.empty() && leaving_.front().sequence <= applied; leaving_.pop_front()) {
    column_visit next{leaving_.front().stay.columns, leaving_.front().stay.visit + 1};
    if (auto worker = routes_.worker_at(next))
      result.push_back({*worker, next});
  }
  return result;
}

} // namespace drover

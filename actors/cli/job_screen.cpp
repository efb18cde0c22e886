#include "drover/actors/cli/job_screen.hpp"

#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/progress.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace drover::cli {

namespace {

constexpr std::size_t node_columns = 24;
constexpr std::size_t number_columns = 11;

std::string number(std::uint64_t value) {
  return right(std::to_string(value), number_columns);
}

// Addresses of nodes by the names that processes have elsewhere in a status.
struct names {
  std::map<std::string, std::string> of_host;
  std::map<std::uint64_t, std::string> of_link;

  explicit names(messages::JobStatus::Reader job) {
    of_host[job.getHost()] = "the trainer";
    of_link[job.getDataNumber()] = "the trainer";
    for (auto node : job.getNodes()) {
      of_host[node.getHost()] = node.getAddress();
      if (auto link = node.getStatus().getDataNumber(); link != 0)
        of_link[link] = node.getAddress();
    }
  }

  [[nodiscard]] std::string host(const std::string& text) const {
    auto found = of_host.find(text);
    return found == of_host.end() ? "gone" : found->second;
  }
  [[nodiscard]] std::string link(std::uint64_t number) const {
    auto found = of_link.find(number);
    return found == of_link.end() ? "one that is gone" : found->second;
  }
};

// What all shards saw of a worker, and for whom it waits.
struct seen_worker {
  std::uint64_t updates = 0;
  std::uint64_t staleness_sum = 0;
  std::uint64_t staleness_max = 0;
  std::string waits_for;
};

std::string waits_text(messages::Wait::Reader wait, std::uint32_t shard) {
  std::string who;
  for (auto worker : wait.getWaitsFor())
    who += (who.empty() ? "" : ", ") + std::to_string(worker);
  if (wait.getWaitsForMore() > 0)
    who += " and " + std::to_string(wait.getWaitsForMore()) + " more";
  return who + " at shard " + std::to_string(shard);
}

std::map<std::uint32_t, seen_worker> workers_of(messages::JobView::Reader view) {
  std::map<std::uint32_t, seen_worker> result;
  for (auto shard : view.getShards()) {
    for (auto row : shard.getWorkers()) {
      auto& one = result[row.getWorker()];
      one.updates += row.getUpdates();
      one.staleness_sum += row.getStalenessSum();
      one.staleness_max = std::max(one.staleness_max, row.getStalenessMax());
    }
    for (auto wait : shard.getWaiting())
      result[wait.getWorker()].waits_for = waits_text(wait, shard.getShard());
  }
  return result;
}

void print_nodes(std::ostream& out, messages::JobStatus::Reader job, const names& known) {
  out << left("node", node_columns) << "sends parameters and gradients to\n";
  for (auto node : job.getNodes()) {
    out << left(node.getAddress(), node_columns);
    if (node.getStatus().getDataNumber() == 0)
      out << "does not answer";
    std::string separator;
    for (auto link : node.getStatus().getLinks()) {
      out << separator << known.link(link.getPeer()) << " by " << link.getWay().cStr() << ", "
          << bytes_text(link.getBytes());
      if (link.getDropped() > 0)
        out << ", " << link.getDropped() << " dropped";
      separator = '\n' + std::string(node_columns, ' ');
    }
    out << '\n';
  }
}

void print_shards(std::ostream& out, messages::JobView::Reader view, const names& known) {
  out << "\nshard  " << left("node", node_columns) << right("version", number_columns) << right("pulls", number_columns)
      << right("waited", number_columns) << '\n';
  auto hosts = view.getShardHosts();
  for (unsigned shard = 0; shard < hosts.size(); ++shard) {
    out << right(std::to_string(shard), 5) << "  " << left(known.host(hosts[shard]), node_columns);
    for (auto report : view.getShards())
      if (report.getShard() == shard)
        out << number(report.getVersion()) << number(report.getPulls()) << number(report.getPullsParked());
    out << '\n';
  }
}

void print_workers(std::ostream& out, messages::JobView::Reader view, const names& known) {
  out << "\nworker " << left("node", node_columns) << right("steps", number_columns) << right("updates", number_columns)
      << "   staleness mean   max   waits for worker\n";
  auto seen = workers_of(view);
  for (unsigned worker = 0; worker < view.getWorkers().size(); ++worker) {
    auto one = view.getWorkers()[worker];
    const auto& all = seen[worker];
    auto mean = all.updates == 0 ? 0 : static_cast<double>(all.staleness_sum) / static_cast<double>(all.updates);
    out << right(std::to_string(worker), 6) << ' '
        << left(one.getIsMember() ? known.host(one.getHost()) : "no member", node_columns) << number(one.getClock())
        << number(all.updates) << right(fixed(mean, 2), 17) << right(std::to_string(all.staleness_max), 6) << "   "
        << all.waits_for << '\n';
  }
}

} // namespace

void print_job(std::ostream& out, messages::JobStatus::Reader job) {
  names known{job};
  auto view = job.getView();
  out << "job " << job.getJob().cStr() << "  " << duration(view.getProgress().getSeconds()) << "  "
      << progress_text(view.getProgress()) << "\n\n";
  if (job.getNodes().size() > 0)
    print_nodes(out, job, known);
  print_shards(out, view, known);
  print_workers(out, view, known);
}

} // namespace drover::cli

#include "drover/actors/cli/summary.hpp"

#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/staleness_table.hpp"

#include <cmath>
#include <string_view>

namespace drover::cli {

namespace {

using ending = messages::Summary::Outcome;

std::string outcome_text(ending outcome) {
  switch (outcome) {
  case ending::COMPLETED:
    return "completed";
  case ending::STOPPED:
    return "stopped on request";
  case ending::FAILED:
    return "failed";
  case ending::DIVERGED:
    return "diverged";
  }
  return "ended in a way that this program does not know";
}

std::string staleness_verdict(messages::Summary::Reader summary) {
  auto known = summary.getShards().size();
  if (known == 0)
    return "not known: no shard said what it observed";
  auto observed = "at most " + std::to_string(staleness_observed(summary)) + " observed";
  if (auto silent = summary.getShardsSilent(); silent > 0)
    observed += " by " + std::to_string(known) + " of " + std::to_string(known + silent) + " shards";
  observed += ", ";
  auto promised = staleness_promised(summary);
  if (!promised)
    return observed + "no bound promised";
  auto kept = staleness_observed(summary) <= *promised;
  if (kept && summary.getShardsSilent() > 0)
    return observed + "bound " + std::to_string(*promised) + ": kept by those";
  return observed + "bound " + std::to_string(*promised) + (kept ? ": kept" : ": BROKEN");
}

// Of single parameters: how many a worker wrote over what another had written since it read them.
std::string lost_updates(messages::Summary::Reader summary) {
  std::uint64_t watched = 0;
  std::uint64_t lost = 0;
  for (auto shard : summary.getShards()) {
    watched += shard.getUpdatesWatched();
    lost += shard.getUpdatesLost();
  }
  if (watched == 0)
    return {};
  return fixed(100 * static_cast<double>(lost) / static_cast<double>(watched), 4) + " % of updates, " +
         std::to_string(lost) + " of " + std::to_string(watched) + " watched";
}

std::string rows_kept(messages::Summary::Reader summary) {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t evicted = 0;
  std::uint64_t refused = 0;
  for (auto shard : summary.getShards()) {
    rows += shard.getRows();
    bytes += shard.getRowBytes();
    evicted += shard.getRowsEvicted();
    refused += shard.getUpdatesRefused();
  }
  if (rows == 0)
    return {};
  auto result = std::to_string(rows) + " of sparse tables in " + bytes_text(bytes);
  if (evicted > 0)
    result += ", " + std::to_string(evicted) + " forgotten for others";
  if (refused > 0)
    result += ", " + std::to_string(refused) + " updates dropped before their row was kept";
  return result;
}

void print_line(std::ostream& out, const std::string& name, const std::string& text) {
  out << left(name, 11) << text << '\n';
}

std::string epochs(std::uint32_t count) {
  return std::to_string(count) + (count == 1 ? " epoch" : " epochs");
}

// One a line; of many the first and the last.
void print_happenings(std::ostream& out, messages::Summary::Reader summary) {
  constexpr unsigned shown_each = 10;
  auto all = summary.getHappenings();
  for (unsigned i = 0; i < all.size(); ++i) {
    if (i == shown_each && all.size() > 2 * shown_each) {
      i = all.size() - shown_each;
      out << "             … " << i - shown_each << " more\n";
    }
    out << "  " << right(duration(all[i].getSeconds()), 13) << "  " << all[i].getSentence().cStr() << '\n';
  }
  if (summary.getHappeningsMore() > 0)
    out << "             … and " << summary.getHappeningsMore() << " after that\n";
}

} // namespace

void print_summary(std::ostream& out, messages::Summary::Reader summary) {
  out << '\n';
  print_line(out, "outcome", outcome_text(summary.getOutcome()) + " after " + epochs(summary.getEpochs()));
  if (std::isfinite(summary.getTestLoss()))
    print_line(out, "test", quality(summary.getTestLoss(), summary.getTestAccuracy()));
  print_line(out, "time",
             duration(summary.getSeconds()) + ", " + std::to_string(summary.getSamples()) + " samples, " +
                 fixed(summary.getSamplesPerSecond(), 0) + " samples/s");
  if (summary.getWorkersLost() > 0 || summary.getWorkersJoined() > 0)
    print_line(out, "members",
               "workers lost " + std::to_string(summary.getWorkersLost()) + ", joined " +
                   std::to_string(summary.getWorkersJoined()) +
                   (summary.getWorkersMoved() > 0 ? ", moved " + std::to_string(summary.getWorkersMoved()) : ""));
  print_happenings(out, summary);
  print_line(out, "moved",
             bytes_text(summary.getBytesPulled()) + " pulled, " + bytes_text(summary.getBytesPushed()) + " pushed");
  if (auto rows = rows_kept(summary); !rows.empty())
    print_line(out, "rows", rows);
  if (auto overwritten = lost_updates(summary); !overwritten.empty())
    print_line(out, "lost", overwritten);
  print_line(out, "staleness", staleness_verdict(summary));
  print_staleness(out, summary);
  out << std::flush;
}

std::optional<std::string> complaint(messages::Summary::Reader summary, const std::string& saved) {
  auto reason = std::string{summary.getSentence().cStr()};
  auto because = reason.empty() ? "" : ": " + reason;
  auto promised = staleness_promised(summary);
  auto which = summary.getOutcome() == ending::DIVERGED ? "those of epoch " + std::to_string(summary.getSavedEpoch())
                                                        : "the last parameters";
  auto where = saved.empty() ? "" : "; " + which + " are in " + saved;
  if (summary.getOutcome() != ending::COMPLETED)
    return "training " + outcome_text(summary.getOutcome()) + " after " + epochs(summary.getEpochs()) + because + where;
  if (promised && staleness_observed(summary) > *promised)
    return "an update was applied with a staleness of " + std::to_string(staleness_observed(summary)) +
           ", above the bound of " + std::to_string(*promised) + " that the consistency promises" + where;
  return std::nullopt;
}

} // namespace drover::cli

#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/sim/cluster_builder.hpp"

#include <numeric>
#include <set>

namespace drover::sim {

using messages::FaultKind;

void cluster_builder::refuse_idle_fields(FaultKind kind, const std::string& path) const {
  if (kind == FaultKind::CRASH && source_.gives(path + ".seconds"))
    source_.refuse(path + ".seconds", "is given, and a crash is for good: crashAndRestart comes back");
  if (kind != FaultKind::SLOW_LINK && source_.gives(path + ".factor"))
    source_.refuse(path + ".factor", "is given, and only slowLink has one");
  if (kind != FaultKind::UNRELIABLE_LINK && source_.gives(path + ".chances"))
    source_.refuse(path + ".chances", "is given, and only unreliableLink has them");
  if (!source_.gives(path + ".atSeconds") && !source_.gives(path + ".meanSeconds"))
    source_.refuse(path, "has neither atSeconds nor meanSeconds: when does it happen?");
}

/// 0 has a meaning of its own, so that a smallest value cannot say it.
void cluster_builder::refuse_short_mean(double seconds, const std::string& path) const {
  if (seconds > 0 && seconds < mean_seconds_min)
    source_.refuse(path + ".meanSeconds", "is " + plain_number(seconds) + ": allowed is 0, for once, or at least " +
                                              plain_number(mean_seconds_min));
}

std::vector<std::uint32_t> cluster_builder::machines_of(messages::Fault::Reader one, const std::string& path) const {
  std::set<std::pair<named::kind, std::uint32_t>> seen;
  std::set<std::uint32_t> machines;
  for (unsigned i = 0; i < one.getMachines().size(); ++i) {
    auto meaning = find(one.getMachines()[i].cStr(), path + '[' + std::to_string(i) + ']');
    if (!seen.emplace(meaning.what, meaning.first).second)
      continue;
    if (meaning.what == named::kind::rack)
      machines.insert(rack_machines_[meaning.first].begin(), rack_machines_[meaning.first].end());
    else
      for (std::uint32_t k = 0; k < meaning.count; ++k)
        machines.insert(machines.end(), meaning.first + k);
  }
  return {machines.begin(), machines.end()};
}

void cluster_builder::add_fault(messages::Fault::Reader one, const std::string& path) {
  refuse_idle_fields(one.getKind(), path);
  refuse_short_mean(one.getMeanSeconds(), path);
  fault result;
  result.kind = one.getKind();
  result.at = from_seconds(one.getAtSeconds());
  result.mean_ns = one.getMeanSeconds() * 1e9;
  result.duration = from_seconds(one.getSeconds());
  result.factor = one.getFactor();
  result.chances = message_chances::of(one.getChances());
  if (result.kind == FaultKind::UNRELIABLE_LINK && result.chances.none())
    source_.refuse(path + ".chances", "has none above 0: what happens to messages?");
  result.machines = machines_of(one, path + ".machines");
  if (result.machines.empty()) {
    if (result.mean_ns == 0)
      source_.refuse(path, "has no machines: which does it happen to?");
    result.machines.resize(value_.machines.size());
    std::iota(result.machines.begin(), result.machines.end(), 0u);
  }
  if (result.kind == FaultKind::PARTITION && result.mean_ns == 0 && result.machines.size() == value_.machines.size())
    source_.refuse(path + ".machines", "names every machine: a partition leaves some on the other side");
  fault_machines_ += result.machines.size();
  if (fault_machines_ > fault_machines_max)
    source_.refuse(path + ".machines", "makes " + std::to_string(fault_machines_) +
                                           " machines that faults name, counted for each fault: allowed are " +
                                           std::to_string(fault_machines_max));
  value_.faults.push_back(std::move(result));
}

} // namespace drover::sim

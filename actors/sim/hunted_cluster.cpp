#include "drover/actors/sim/hunted_cluster.hpp"

#include "drover/actors/sim/hunted_draws.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace drover::sim {

namespace {

// Deaths come early: most worlds are over after a few seconds.
constexpr double deaths_end_seconds = 3;
// Those that are to strike workers at work.
constexpr double early_deaths_end_seconds = 1;

constexpr auto heavy_tailed = "pareto";
constexpr auto far_rack = "far";

// Writes while it draws: `<<` has an order, operands of `+` have none.
class drawing {
public:
  drawing(std::uint64_t seed, bool swarm, messages::Job::Reader job, bool replaces_workers, bool is_deathless)
      : job_(job), replaces_workers_(replaces_workers), draws_(seed, "hunt cluster", swarm),
        shapes_(seed, "hunt shape", swarm), deaths_(seed, "hunt deaths", swarm),
        unreliable_(seed, "hunt unreliable links", swarm), series_(seed, "hunt series", swarm),
        spares_(seed, "hunt spares", swarm), is_deathless_(is_deathless) {}

  /// The description, as JSON.
  [[nodiscard]] std::string draw();
  [[nodiscard]] double faults_end() const { return faults_end_; }
  [[nodiscard]] bool is_calm() const { return is_calm_; }

private:
  void add_machines();
  [[nodiscard]] std::vector<std::string> add_group(const std::string& name, std::uint64_t count,
                                                   const std::string& fields);
  [[nodiscard]] std::string room_for(std::uint64_t workers);
  void add_network();
  void add_faults();
  [[nodiscard]] std::string anything();
  void add_unreliable_links();
  void add_series();
  void add_deaths();
  void add_fault(const std::string& kind, const std::string& where, double at);

  messages::Job::Reader job_;
  bool replaces_workers_;
  hunted_draws draws_;
  hunted_draws shapes_;
  hunted_draws deaths_;
  hunted_draws unreliable_;
  hunted_draws series_;
  hunted_draws spares_;
  bool is_deathless_; ///< no machine dies: all may hold shards, and give them away
  std::ostringstream text_;
  const char* separator_ = ""; ///< before the next machines, or the next fault
  bool has_two_racks_ = false;
  bool has_far_machines_ = false;    ///< in the rack that is not the head's
  std::vector<std::string> shards_;  ///< machines with shards
  std::vector<std::string> workers_; ///< machines without any
  double faults_end_ = 0;
  bool is_calm_ = true;
};

std::string drawing::draw() {
  text_ << R"({"machines": [)";
  add_machines();
  text_ << "],\n";
  add_network();
  text_ << ",\n  \"faults\": [";
  separator_ = "";
  add_faults();
  add_unreliable_links();
  add_series();
  add_deaths();
  text_ << "]}";
  return text_.str();
}

// -- machines --------------------------------------------------------------------------------------------------------

void drawing::add_machines() {
  auto machines_for = [](std::uint64_t members, std::uint64_t each) { return (members + each - 1) / each; };
  has_two_racks_ = shapes_.chance(0.3);
  auto is_crowded = shapes_.chance(0.3);
  auto workers_each = is_crowded ? shapes_.whole(1, 3) : 1;
  auto shards_each = is_crowded ? shapes_.whole(1, 3) : 1;
  auto room = room_for(workers_each);
  static_cast<void>(add_group("head", 1, R"("shards": 0, "hostsWorkers": false)"));
  auto has_mixed_machines = shapes_.chance(0.15) || is_deathless_;
  shards_ = add_group("shard", machines_for(job_.getShards(), shards_each),
                      R"("shards": )" + std::to_string(shards_each) +
                          (has_mixed_machines ? room : R"(, "hostsWorkers": false)"));
  auto machines = machines_for(job_.getWorkers(), workers_each);
  auto others = has_two_racks_ ? shapes_.whole(0, machines - 1) : 0;
  std::string straggler;
  if (draws_.chance(0.3))
    straggler = R"(, "stragglers": [{"machine": 0, "factor": )" + std::to_string(draws_.between(2.0, 8.0)) + "}]";
  workers_ = add_group("worker", machines - others, R"("shards": 0)" + room + straggler);
  if (others > 0)
    std::ranges::move(add_group("other", others, R"("shards": 0)" + room), std::back_inserter(workers_));
  if (auto spares = replaces_workers_ ? spares_.whole(0, 2) : 0; spares > 0)
    std::ranges::move(add_group("spare", spares, R"("shards": 0)" + room), std::back_inserter(workers_));
}

/// Names of its machines.
std::vector<std::string> drawing::add_group(const std::string& name, std::uint64_t count, const std::string& fields) {
  auto is_head = *separator_ == '\0';
  auto is_far = has_two_racks_ && !is_head && shapes_.chance(0.5);
  has_far_machines_ = has_far_machines_ || is_far;
  text_ << separator_ << R"(
    {"name": ")"
        << name << R"(", "count": )" << count << R"(, "rack": ")" << (is_far ? far_rack : "near") << R"(", )" << fields
        << '}';
  separator_ = ",";
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < count; ++i)
    names.push_back(count == 1 ? name : name + "-" + std::to_string(i));
  return names;
}

std::string drawing::room_for(std::uint64_t workers) {
  std::ostringstream result;
  result << R"(, "workers": )" << workers << R"(, "cores": )" << (workers > 1 ? shapes_.whole(0, 2) : 0);
  result << R"(, "step": {"seconds": )" << draws_.between(0.005, 0.05);
  std::string distribution = draws_.one_of({"constant", "lognormal", heavy_tailed});
  is_calm_ = is_calm_ && distribution != heavy_tailed;
  result << R"(, "distribution": ")" << distribution << R"(", "sigma": 0.5})";
  return result.str();
}

// -- messages --------------------------------------------------------------------------------------------------------

void drawing::add_network() {
  auto loss = draws_.wanted() ? draws_.between(0.0, 0.1) : 0.0;
  auto reorder = draws_.wanted() ? draws_.between(0.0, 0.3) : 0.0;
  // A push that was overtaken has to come again, too.
  is_calm_ = is_calm_ && loss == 0 && reorder == 0;
  text_ << R"(  "withinRack": {"latencySeconds": )" << draws_.between(0.0001, 0.02) << R"(, "jitter": )"
        << (draws_.wanted() ? draws_.between(0.0, 3.0) : 0.0) << "},\n";
  if (has_two_racks_)
    text_ << R"(  "betweenRacks": {"latencySeconds": )" << shapes_.between(0.001, 0.05) << R"(, "jitter": )"
          << shapes_.between(0.0, 3.0) << R"(, "bytesPerSecond": )" << shapes_.between(1e5, 1e7) << "},\n";
  text_ << R"(  "chances": {"loss": )" << loss << R"(, "duplicate": )"
        << (draws_.wanted() ? draws_.between(0.0, 0.2) : 0.0) << R"(, "reorder": )" << reorder
        << R"(, "reorderSeconds": )" << draws_.between(0.01, 0.5);
  // Nothing has to come again because of it.
  if (unreliable_.wanted() && unreliable_.chance(0.3))
    text_ << R"(, "delay": )" << unreliable_.between(0.0, 0.3) << R"(, "delaySeconds": )"
          << unreliable_.between(0.01, 0.5);
  text_ << '}';
}

// -- faults ----------------------------------------------------------------------------------------------------------

// What comes back. A shard does not, so that only machines without one crash.
void drawing::add_faults() {
  std::vector<std::string> kinds;
  for (const auto* kind : {"crashAndRestart", "pause", "partition", "slowLink"})
    if (draws_.wanted() && !(is_deathless_ && std::string_view{kind} == "crashAndRestart"))
      kinds.emplace_back(kind);
  if (kinds.empty())
    return;
  for (auto count = draws_.whole(0, 6); count > 0; --count) {
    const auto& kind = draws_.one_of(kinds);
    auto at = draws_.between(0.0, 6.0);
    auto seconds = draws_.chance(0.5) ? draws_.between(0.01, 1.0) : draws_.between(1.0, 12.0);
    add_fault(kind, kind == "crashAndRestart" ? draws_.one_of(workers_) : anything(), at);
    text_ << R"(, "seconds": )" << seconds << '}';
    faults_end_ = std::max(faults_end_, at + seconds);
    is_calm_ = false;
  }
}

/// A machine, or all of those that are far away.
std::string drawing::anything() {
  if (has_far_machines_ && shapes_.chance(0.3))
    return far_rack;
  switch (draws_.whole(0, 3)) {
  case 0:
    return "head";
  case 1:
    return draws_.one_of(shards_);
  default:
    return draws_.one_of(workers_);
  }
}

void drawing::add_unreliable_links() {
  if (!unreliable_.wanted() || !unreliable_.chance(0.3))
    return;
  std::vector<std::string> ends{"head", has_far_machines_ ? far_rack : "near"};
  ends.insert(ends.end(), shards_.begin(), shards_.end());
  ends.insert(ends.end(), workers_.begin(), workers_.end());
  for (auto count = unreliable_.whole(1, 2); count > 0; --count) {
    auto at = unreliable_.between(0.0, 6.0);
    auto seconds = unreliable_.between(0.1, 12.0);
    add_fault("unreliableLink", unreliable_.one_of(ends), at);
    text_ << R"(, "seconds": )" << seconds << R"(, "chances": {"reorderSeconds": )" << unreliable_.between(0.01, 1.0)
          << R"(, "delaySeconds": )" << unreliable_.between(0.01, 1.0);
    std::string certain = unreliable_.one_of({"loss", "duplicate", "reorder", "delay"});
    for (std::string chance : {"loss", "duplicate", "reorder", "delay"})
      if (chance == certain || unreliable_.chance(0.3))
        text_ << R"(, ")" << chance << R"(": )" << unreliable_.between(0.1, 0.9);
    text_ << "}}";
    faults_end_ = std::max(faults_end_, at + seconds);
    is_calm_ = false;
  }
}

/// Machines that crash one soon after the other: what was to take the place of a worker is lost before it begins.
void drawing::add_series() {
  if (is_deathless_ || !replaces_workers_ || !series_.wanted() || !series_.chance(0.2))
    return;
  auto at = series_.between(0.0, deaths_end_seconds);
  for (auto count = series_.whole(2, 5); count > 0; --count) {
    auto seconds = series_.between(0.1, 12.0);
    add_fault("crashAndRestart", series_.one_of(workers_), at);
    text_ << R"(, "seconds": )" << seconds << '}';
    faults_end_ = std::max(faults_end_, at + seconds);
    is_calm_ = false;
    at += series_.between(0.0, 1.0);
  }
}

void drawing::add_deaths() {
  if (is_deathless_)
    return;
  auto die = [this](const std::vector<std::string>& candidates) {
    auto at = deaths_.between(0.0, deaths_end_seconds);
    add_fault("crash", deaths_.one_of(candidates), at);
    text_ << '}';
  };
  if (replaces_workers_ && spares_.chance(0.5))
    for (auto count = spares_.whole(1, 2); count > 0; --count) {
      add_fault("crash", spares_.one_of(workers_), spares_.between(0.0, early_deaths_end_seconds));
      text_ << '}';
    }
  if (deaths_.chance(0.2))
    for (auto count = deaths_.whole(1, 2); count > 0; --count)
      die(workers_);
  if (deaths_.chance(0.05))
    die(shards_);
}

/// All but what the kind of fault has for itself.
void drawing::add_fault(const std::string& kind, const std::string& where, double at) {
  text_ << separator_ << R"(
    {"kind": ")"
        << kind << R"(", "machines": [")" << where << R"("], "atSeconds": )" << at;
  separator_ = ",";
}

} // namespace

hunted_cluster hunted_cluster::draw(std::uint64_t seed, bool swarm, messages::Job::Reader job, bool replaces_workers,
                                    bool is_deathless) {
  drawing draws{seed, swarm, job, replaces_workers, is_deathless};
  auto on = cluster::from_json("cluster of seed " + std::to_string(seed), draws.draw());
  return {.on = std::move(on), .faults_end = from_seconds(draws.faults_end()), .is_calm = draws.is_calm()};
}

} // namespace drover::sim

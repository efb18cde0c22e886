#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace drover::bench {

/// Middle, lower and upper quartile of some measurements.
struct spread {
  double median = 0;
  double low = 0;
  double high = 0;
};

[[nodiscard]] spread spread_of(std::vector<double> values);

/// Seconds that `work` takes.
[[nodiscard]] double seconds_of(const std::function<void()>& work);

/// Things that are measured side by side: in each round each of them runs once, so that what else the machine does
/// meets all of them alike, and a ratio is taken within a round.
class contest {
public:
  /// `rate`: does the work and says how much a second. Its first call is a warm-up and not counted.
  void add(std::string name, std::function<double()> rate);
  void run(std::size_t rounds);

  [[nodiscard]] std::size_t size() const { return sides_.size(); }
  [[nodiscard]] const std::string& name(std::size_t side) const { return sides_[side].name; }
  [[nodiscard]] spread rate(std::size_t side) const;
  /// Rate of one by the rate of another, over the rounds.
  [[nodiscard]] spread ratio(std::size_t side, std::size_t to) const;

private:
  struct entry {
    std::string name;
    std::function<double()> rate;
    std::vector<double> rates; ///< one a round
  };
  std::vector<entry> sides_;
};

/// "0.93 (0.90 … 0.95)": median and quartiles.
[[nodiscard]] std::string to_string(const spread& ratio);

/// Prints what is compared to what, then whether the machine has other things to do: then only ratios mean something.
void print_title(const std::string& title);

/// First argument of the program, else `otherwise`.
[[nodiscard]] std::size_t rounds_of(int argc, char** argv, std::size_t otherwise);

} // namespace drover::bench

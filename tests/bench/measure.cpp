#include "tests/bench/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace drover::bench {

spread spread_of(std::vector<double> values) {
  if (values.empty())
    return {};
  std::ranges::sort(values);
  auto at = [&values](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  return {.median = at(0.5), .low = at(0.25), .high = at(0.75)};
}

double seconds_of(const std::function<void()>& work) {
  auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void contest::add(std::string name, std::function<double()> rate) {
  sides_.push_back({std::move(name), std::move(rate), {}});
}

void contest::run(std::size_t rounds) {
  for (auto& side : sides_)
    static_cast<void>(side.rate());
  for (std::size_t round = 0; round < rounds; ++round)
    for (auto& side : sides_)
      side.rates.push_back(side.rate());
}

spread contest::rate(std::size_t side) const {
  return spread_of(sides_[side].rates);
}

spread contest::ratio(std::size_t side, std::size_t to) const {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < sides_[side].rates.size(); ++round)
    ratios.push_back(sides_[side].rates[round] / sides_[to].rates[round]);
  return spread_of(std::move(ratios));
}

std::string to_string(const spread& ratio) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.2f (%.2f … %.2f)", ratio.median, ratio.low, ratio.high);
  return text;
}

void print_title(const std::string& title) {
  std::printf("\n== %s\n", title.c_str());
  double load = 0;
  if (getloadavg(&load, 1) == 1 && load > 0.5)
    std::printf("   not quiet: load average %.1f before the first round\n", load);
  std::fflush(stdout);
}

std::size_t rounds_of(int argc, char** argv, std::size_t otherwise) {
  auto given = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  return given > 0 ? given : otherwise;
}

} // namespace drover::bench

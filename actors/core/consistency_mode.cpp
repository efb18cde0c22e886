#include "drover/actors/core/consistency_mode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

// Whoever wants more means asp; sums of slacks stay far from an overflow.
constexpr std::uint64_t slack_max = 1'000'000'000;

constexpr auto allowed = "say bsp, ssp:S with S from 0 to 1000000000, asp, hogwild, dsgd or nomad";

struct named_kind {
  std::string_view name;
  consistency_mode::kind family;
};
constexpr std::array without_argument{
    named_kind{"bsp", consistency_mode::kind::bsp}, named_kind{"asp", consistency_mode::kind::asp},
    named_kind{"hogwild", consistency_mode::kind::hogwild}, named_kind{"dsgd", consistency_mode::kind::dsgd},
    named_kind{"nomad", consistency_mode::kind::nomad}};

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw std::invalid_argument("consistency is " + (text.empty() ? "empty" : std::string{text}) + ": " + why);
}

std::uint64_t parse_slack(std::string_view text, std::string_view digits) {
  std::uint64_t slack = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), slack);
  if (error != std::errc{} || end != digits.data() + digits.size() || slack > slack_max)
    refuse(text, allowed);
  return slack;
}

} // namespace

consistency_mode consistency_mode::parse(std::string_view text) {
  auto colon = text.find(':');
  auto name = text.substr(0, colon);
  auto has_argument = colon != std::string_view::npos;
  auto argument = has_argument ? text.substr(colon + 1) : std::string_view{};
  if (name == "ssp") {
    if (argument.empty())
      refuse(text, "ssp needs to know by how many clocks a worker may be behind: say ssp:S, for example ssp:3");
    return {kind::ssp, parse_slack(text, argument)};
  }
  auto found = std::ranges::find(without_argument, name, &named_kind::name);
  if (found == without_argument.end())
    refuse(text, allowed);
  if (has_argument)
    refuse(text, std::string{name} + " takes no staleness; say " + std::string{name} +
                     ", or ssp:S for a bound, for example ssp:3");
  return {found->family, 0};
}

} // namespace drover

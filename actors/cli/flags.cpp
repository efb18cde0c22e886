#include "drover/actors/cli/flags.hpp"

#include "drover/models/nearest.hpp"

#include <boost/make_shared.hpp>
#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

constexpr auto file_key = "file";

std::string describe(const job_field& field, bool with_default) {
  auto result = field.help;
  if (!field.choices.empty())
    result += ": " + joined(field.choices);
  if (with_default && !field.is_switch && !field.default_value.empty())
    result += " [" + field.default_value + "]";
  return result;
}

/// Owned by the description that it is handed to.
options::value_semantic* value_of(const job_field& field) {
  auto* value = options::value<std::string>();
  if (field.is_switch)
    value->implicit_value("true", "")->value_name("[=false]");
  else
    value->value_name(field.placeholder);
  return value;
}

std::string unknown_flag(const std::string& written, const options::options_description& known) {
  std::vector<std::string> names;
  for (const auto& option : known.options())
    names.push_back(option->canonical_display_name(options::command_line_style::allow_long));
  return "there is no flag " + written + ": did you mean " + nearest(written, names) + "?";
}

/// Boost's, without its guess that a flag may be cut short: a new flag would change what an old command line means.
constexpr int style = options::command_line_style::allow_long | options::command_line_style::long_allow_adjacent |
                      options::command_line_style::long_allow_next | options::command_line_style::allow_short |
                      options::command_line_style::allow_dash_for_short | options::command_line_style::short_allow_next;

/// A switch takes no other word: Boost would give it the one that follows, be it the job file.
std::vector<std::string> with_switches_set(std::span<const std::string> arguments,
                                           const options::options_description& known) {
  std::set<std::string> switches;
  for (const auto& option : known.options())
    if (option->semantic()->min_tokens() == 0 && option->semantic()->max_tokens() == 1)
      switches.insert("--" + option->long_name());
  std::vector<std::string> result;
  for (const auto& word : arguments)
    result.push_back(switches.contains(word) ? word + "=true" : word);
  return result;
}

std::vector<options::option> parse_options(std::span<const std::string> arguments,
                                           const options::options_description& known) {
  try {
    options::options_description all;
    all.add(known).add_options()(file_key, options::value<std::vector<std::string>>());
    options::positional_options_description positions;
    positions.add(file_key, -1);
    return options::command_line_parser(with_switches_set(arguments, known))
        .options(all)
        .positional(positions)
        .style(style)
        .run()
        .options;
  } catch (const options::unknown_option& problem) {
    throw std::invalid_argument(unknown_flag(problem.get_option_name(), known));
  } catch (const options::invalid_syntax& problem) {
    auto surplus = problem.kind() == options::invalid_syntax::extra_parameter;
    throw std::invalid_argument(problem.get_option_name() + (surplus ? " takes no value" : " needs a value"));
  } catch (const options::error& problem) {
    throw std::invalid_argument(problem.what());
  }
}

} // namespace

options::options_description job_flags(const std::function<bool(const job_field&)>& wanted, bool with_defaults) {
  options::options_description result{help_columns, help_columns / 2};
  std::vector<std::pair<std::string, options::options_description>> sections;
  for (const auto& field : job_fields()) {
    if (!wanted(field))
      continue;
    if (sections.empty() || sections.back().first != field.section)
      sections.emplace_back(field.section, options::options_description{field.section, help_columns, help_columns / 2});
    sections.back().second.add(boost::make_shared<options::option_description>(field.flag.c_str(), value_of(field),
                                                                               describe(field, with_defaults).c_str()));
  }
  for (const auto& [name, section] : sections)
    result.add(section);
  return result;
}

bool command_line::has(const std::string& name) const {
  return std::any_of(flags.begin(), flags.end(), [&name](const flag& one) { return one.name == name; });
}

command_line parse(std::span<const std::string> arguments, const options::options_description& known,
                   std::size_t files_max) {
  command_line result;
  std::set<std::string> seen;
  for (const auto& option : parse_options(arguments, known)) {
    if (option.string_key == file_key) {
      if (option.position_key < 0)
        throw std::invalid_argument(unknown_flag(option.original_tokens.front(), known));
      result.files.insert(result.files.end(), option.value.begin(), option.value.end());
      continue;
    }
    auto name = option.string_key;
    // Boost takes the next word, whatever it is.
    auto took_next_word = option.original_tokens.size() > 1;
    if (took_next_word && option.value.front().starts_with("--"))
      throw std::invalid_argument("--" + name + " needs a value");
    if (!seen.insert(name).second)
      throw std::invalid_argument("--" + name + " is given twice");
    result.flags.push_back({name, option.value.empty() ? "true" : option.value.front()});
  }
  if (result.files.size() > files_max)
    throw std::invalid_argument("do not know what to do with " + result.files[files_max] + ": a flag begins with --");
  return result;
}

void apply(const command_line& line, job& target) {
  for (const auto& flag : line.flags)
    if (std::ranges::any_of(job_fields(), [&flag](const job_field& field) { return field.flag == flag.name; }))
      set_field(target, flag.name, flag.value);
}

} // namespace drover::cli

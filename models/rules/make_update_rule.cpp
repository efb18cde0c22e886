#include "drover/models/nearest.hpp"
#include "drover/models/rules/adagrad.hpp"
#include "drover/models/rules/adam.hpp"
#include "drover/models/rules/adamw.hpp"
#include "drover/models/rules/ftrl.hpp"
#include "drover/models/rules/momentum.hpp"
#include "drover/models/rules/nesterov.hpp"
#include "drover/models/rules/rmsprop.hpp"
#include "drover/models/rules/sgd.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

namespace {

using factory = std::function<std::unique_ptr<update_rule>(const rule_options&)>;

template <class Rule>
std::unique_ptr<update_rule> make(const rule_options& options) {
  return std::make_unique<Rule>(options);
}

std::map<std::string, factory, std::less<>> known_rules() {
  return {{"adagrad", make<adagrad_rule>},   {"adam", make<adam_rule>},
          {"adamw", make<adamw_rule>},       {"ftrl", make<ftrl_rule>},
          {"momentum", make<momentum_rule>}, {"nesterov", make<nesterov_rule>},
          {"rmsprop", make<rmsprop_rule>},   {"sgd", make<sgd_rule>}};
}

[[noreturn]] void refuse(std::string_view option, float value, std::string_view allowed) {
  throw std::invalid_argument("update rule: " + std::string(option) + " is " + std::to_string(value) + ", allowed is " +
                              std::string(allowed));
}

/// Written so that NaN is refused, too.
void check_share(std::string_view option, float value) {
  if (!(value >= 0 && value < 1))
    refuse(option, value, "0 or more and below 1");
}

void check_not_negative(std::string_view option, float value) {
  if (!(value >= 0 && std::isfinite(value)))
    refuse(option, value, "a number that is not negative");
}

} // namespace

std::unique_ptr<update_rule> make_update_rule(std::string_view name, const rule_options& options) {
  check_share("momentum", options.momentum);
  check_share("beta1", options.beta1);
  check_share("beta2", options.beta2);
  check_share("rmsprop_decay", options.rmsprop_decay);
  check_not_negative("epsilon", options.epsilon);
  check_not_negative("weight_decay", options.weight_decay);
  check_not_negative("ftrl_beta", options.ftrl_beta);
  check_not_negative("l1", options.l1);
  check_not_negative("l2", options.l2);
  auto rules = known_rules();
  if (auto found = rules.find(name); found != rules.end())
    return found->second(options);
  std::vector<std::string> names;
  names.reserve(rules.size());
  for (const auto& [known, make_it] : rules)
    names.push_back(known);
  throw std::invalid_argument("there is no update rule " + std::string(name) + ": did you mean " +
                              nearest(name, names) + "? Known are " + joined(names));
}

} // namespace drover

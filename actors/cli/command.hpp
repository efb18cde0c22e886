#pragma once

#include <span>
#include <string>

namespace drover::cli {

/// What the process ends with.
struct exit_code {
  static constexpr int completed = 0;
  static constexpr int failed = 1;
  static constexpr int usage = 2; ///< the command line or the job was wrong
  // Of simulations:
  static constexpr int violated = 3; ///< an invariant; or a replay came out otherwise
  static constexpr int no_progress = 4;
  static constexpr int crashed = 5;
  static constexpr int interrupted = 130; ///< 128 + SIGINT, as shells report it
};

/// The subcommands. `arguments` are those behind the subcommand's name. They return an exit code, or throw
/// std::invalid_argument for what the user wrote wrongly and another std::exception for what failed, with one sentence.
[[nodiscard]] int run_train(std::span<const std::string> arguments);
[[nodiscard]] int run_eval(std::span<const std::string> arguments);
[[nodiscard]] int run_predict(std::span<const std::string> arguments);
[[nodiscard]] int run_recommend(std::span<const std::string> arguments);
[[nodiscard]] int run_node(std::span<const std::string> arguments);
[[nodiscard]] int run_nodes(std::span<const std::string> arguments);
[[nodiscard]] int run_top(std::span<const std::string> arguments);
[[nodiscard]] int run_drain(std::span<const std::string> arguments);
[[nodiscard]] int run_devices(std::span<const std::string> arguments);
[[nodiscard]] int run_simulate(std::span<const std::string> arguments);

} // namespace drover::cli

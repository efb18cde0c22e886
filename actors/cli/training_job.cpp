#include "drover/actors/cli/training_job.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/summary.hpp"

#include <stdexcept>

namespace drover::cli {

job job_of(const command_line& line) {
  auto result = line.files.empty() ? job{} : job_from_file(line.files.front());
  apply(line, result);
  return resolve(result, line.files.empty() ? "" : line.files.front());
}

void check_trainable(const job& what) {
  if (what.read().getData().size() == 0)
    throw std::invalid_argument("there is no data to train on: say --data FOLDER, or \"data\" in the job file");
}

int report_end(std::ostream& out, std::ostream& err, const train_result& result) {
  if (!result.saved.empty())
    out << "saved      " << result.saved << std::endl;
  for (const auto& note : result.notes)
    err << "drover: " << note << std::endl;
  for (const auto& problem : result.problems)
    err << "drover: " << problem << std::endl;
  auto summary = result.summary.read();
  auto sentence = complaint(*summary, result.saved);
  if (!sentence)
    return result.problems.empty() ? exit_code::completed : exit_code::failed;
  err << "drover: " << *sentence << std::endl;
  auto stopped = summary->getOutcome() == messages::Summary::Outcome::STOPPED;
  return stopped ? exit_code::interrupted : exit_code::failed;
}

} // namespace drover::cli

#pragma once

#include "drover/messages/job.capnp.h"

#include <capnp/message.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// What is to be done: a value around one `Job` struct (messages/job.capnp describes every field).
///
///     drover::job job;
///     job->setData("/usr/share/datasets/fashion-mnist");
///     job->setWorkers(4);
class job {
public:
  /// Every field has its default.
  job();
  explicit job(messages::Job::Reader fields);
  job(const job& other);
  job& operator=(const job& other);
  job(job&&) = default;
  job& operator=(job&&) = default;

  [[nodiscard]] messages::Job::Builder* operator->() { return &fields_; }
  [[nodiscard]] messages::Job::Builder edit() { return fields_; }
  [[nodiscard]] messages::Job::Reader read() const;

private:
  std::unique_ptr<capnp::MallocMessageBuilder> arena_;
  messages::Job::Builder fields_;
};

/// One field of a job as people set it. Made from the schema, so that flags, job files and --help cannot disagree.
struct job_field {
  std::string flag;                 ///< kebab-case: "learning-rate"
  std::string name;                 ///< as in the job file: "learningRate"
  std::string section;              ///< heading it stands under
  std::string help;                 ///< one line
  std::string placeholder;          ///< what stands for a value in --help: N, X (may have a fraction), NAME or TEXT
  std::string default_value;        ///< as a flag would say it; empty for an empty text
  std::vector<std::string> choices; ///< values of an enum, in kebab-case; else empty
  bool is_switch = false;           ///< Bool: the flag alone means true
};

/// All fields, in the schema's order.
[[nodiscard]] std::span<const job_field> job_fields();

/// Sets one field from text, as a flag does; `flag` as in `job_field::flag`. Throws std::invalid_argument with a
/// sentence: no such field (names the nearest), not a number, outside the limits, no such choice (names the nearest).
void set_field(job& target, std::string_view flag, std::string_view value);

/// The job file: a JSON object with the schema's names. Throws std::invalid_argument with a sentence for text that is
/// not JSON, unknown fields (names the nearest), wrong types, values outside the limits. Absent fields keep their
/// defaults.
[[nodiscard]] job job_from_json(std::string_view text);

/// Reads a job file, JSON or, where it begins with `(`, Cap'n Proto text. Sentences name the file.
[[nodiscard]] job job_from_file(const std::filesystem::path& file);

/// Every field, defaults included, as JSON that `job_from_json` reads back to the same job.
[[nodiscard]] std::string to_json(const job& source);

/// The job with each default that depends on others filled in (learning rate, compensation's lambda), after a check for
/// what no single field can show: consistency and model specifications that cannot be read, `bsp` with a compensation
/// for staleness or with prefetch, test data beside a holdout, an output in the place of an input, … Throws
/// std::invalid_argument with a sentence. `file`: where the job was read from; empty for no file.
[[nodiscard]] job resolve(const job& source, const std::filesystem::path& file = {});

/// Whether its workers change the shards' memory themselves. The job's consistency must be one that can be read.
[[nodiscard]] bool works_in_place(messages::Job::Reader what);

/// Whether a shard keeps what each worker has read until it pushes.
[[nodiscard]] bool needs_backup(messages::Job::Reader what);

/// Throws std::invalid_argument with a sentence for a job that works in place; `where` says what does not go with that.
void refuse_in_place(messages::Job::Reader what, const std::string& where);

} // namespace drover

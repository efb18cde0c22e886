#include "drover/actors/job.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include <cstdlib>
#include <stdexcept>

using namespace drover;

namespace {

// What was read must be writable, and the same when it is read again.
void check_round_trip(const job& source) {
  auto text = to_json(source);
  if (to_json(job_from_json(text)) != text)
    std::abort();
}

} // namespace

// The input is a job file: JSON, or Cap'n Proto text where it begins with a parenthesis.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::memory_file file{{data, size}};
  try {
    auto decoded = job_from_file(file.path());
    check_round_trip(decoded);
    static_cast<void>(resolve(decoded));
  } catch (const std::invalid_argument&) { // refused
  }
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  return {
      "{}",
      to_json(job{}),
      R"({"seed": "18446744073709551615", "optimizer": "adamW", "compensation": "dc-asgd", "prefetch": true})",
      R"({"learningRate": 1e-3, "model": "mlp:1,2", "consistency": "bsp", "holdout": 0.5, "data": "\u00e9\n"})",
      "(model = \"softmax\", workers = 3, schedule = cosine, warmupEpochs = 0.5, prefetch = true)",
      "(optimizer = adam, beta1 = 0.5, seed = 7, consistency = \"asp\", compensation = dcAsgdAdaptive)",
      "(data = \"a\\\"(\", # \"\n workers = " + std::string(10'000, '('),
  };
}

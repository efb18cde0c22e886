#include "drover/models/data/skipped_lines.hpp"

#include <string>

namespace drover {

void note_skipped(const std::filesystem::path& train, const bad_lines& bad, const std::filesystem::path& test,
                  const bad_lines& bad_test, dataset_pair& into) {
  auto in_test = train == test ? 0 : bad_test.skipped();
  into.lines_skipped = bad.skipped() + in_test;
  into.first_skipped = bad.skipped() != 0 ? bad.first() : bad_test.first();
  if (bad.skipped() != 0 && in_test != 0)
    into.first_skipped += " (" + std::to_string(bad.skipped()) + " in " + train.string() + ", " +
                          std::to_string(in_test) + " in " + test.string() + ")";
}

} // namespace drover

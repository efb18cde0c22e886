#include "drover/actors/job_data.hpp"

#include "drover/actors/job_context.hpp"

#include <doctest/doctest.h>

#include "tests/actors/sparse_blobs.hpp"
#include <stdexcept>
#include <string>
#include <utility>

using namespace drover;

namespace {

std::string source_refusal(const job& what) {
  try {
    static_cast<void>(data_source_of(what.read(), {}));
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("what a job says of its data comes to the readers") {
  job what;
  what->setOnBadLine("skip:7");
  what->setRatingRange("-0.5:5");
  what->setHashBits(20);
  auto source = data_source_of(what.read(), {.reads = sample_kind::ratings, .has_classes = false});
  CHECK(source.lines_skipped_max == 7);
  CHECK(source.rating_min == -0.5f);
  CHECK(source.rating_max == 5);
  CHECK(source.hash_bits == 20);
  CHECK(source.kind == sample_kind::ratings);
  CHECK_FALSE(source.has_classes);
  CHECK(data_source_of(job{}.read(), {}).lines_skipped_max == 0);
}

TEST_CASE("where data are cached is what the job says, and nowhere where it does not say") {
  job what;
  CHECK(data_source_of(what.read(), {}).data_cache == "off");
  what->setDataCache("beside");
  CHECK(data_source_of(what.read(), {}).data_cache == "beside");
  what->setDataCache("");
  CHECK(source_refusal(what) == "dataCache is empty: say off, beside, or a folder for the files");
}

TEST_CASE("an onBadLine or a ratingRange that cannot be read is refused with what is allowed") {
  for (const auto* text : {"", "go", "skip", "skip:", "skip:-1", "skip:x", "skip:3 "}) {
    job what;
    what->setOnBadLine(text);
    CAPTURE(text);
    CHECK(source_refusal(what).ends_with(": say stop, or skip:N to pass over up to N lines, for example skip:100"));
  }
  for (const auto* text : {"5", "1:", ":5", "5:1", "nan:5", "1:inf", "1:5:6"}) {
    job what;
    what->setRatingRange(text);
    CAPTURE(text);
    CHECK(source_refusal(what).starts_with("ratingRange is " + std::string{text} + ": say MIN:MAX"));
  }
}

TEST_CASE("a batch size that is not given is 32, and with hogwild a part of the samples of each worker up to 1,024") {
  auto batch_size = [](job what, std::size_t samples, std::uint32_t workers) {
    what->setWorkers(workers);
    auto context = job_context::make(what, standard_models(), test::rcv1_like(samples, 10, 200));
    return context->what.read().getBatchSize();
  };
  auto in_place = test::published_svm();
  CHECK(batch_size(in_place, 400, 2) == 25);
  CHECK(batch_size(in_place, 3, 2) == 1);
  CHECK(batch_size(in_place, 20'000, 2) == 1024);
  in_place->setBatchSize(10);
  CHECK(batch_size(in_place, 400, 2) == 10);
  in_place->setBatchSize(0);
  in_place->setConsistency("asp");
  CHECK(batch_size(in_place, 400, 2) == 32);
}

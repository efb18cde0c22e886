#pragma once

#include "drover/actors/job.hpp"
#include "drover/models/data/dataset.hpp"

#include <cstdint>
#include <string>

namespace drover::test {

/// Matrix factorization with 8 factors of ratings_like.
[[nodiscard]] job factor_job(const std::string& consistency, std::uint32_t workers, std::uint32_t epochs);

/// Root mean square error of the ratings to test on, after such a job.
[[nodiscard]] double held_out_rmse(const job& what, const dataset_pair& data);

} // namespace drover::test

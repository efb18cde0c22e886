#pragma once

#include <filesystem>

namespace drover {

/// The formats of samples as text, told by the ends of files' names. Where features are hashed, each hashes other
/// names.
enum class text_format { csv, svm, vw };

/// .svm, .libsvm, .svmlight and .vw, each also with .gz; everything else is CSV.
[[nodiscard]] text_format format_of(const std::filesystem::path& path);

/// Ends a sentence about two files that should be of one format.
constexpr const char* one_format = "both have to be CSV, both .svm, .libsvm or .svmlight, or both .vw";

} // namespace drover

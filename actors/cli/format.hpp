#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace drover::cli {

/// Numbers as people read them, the same in every place, so that outputs can be compared.
[[nodiscard]] std::string fixed(double value, int digits); ///< "-" where it is not finite
[[nodiscard]] std::string loss_text(double loss);
[[nodiscard]] std::string percent(double fraction);
[[nodiscard]] std::string duration(double seconds);        ///< "0.42 s", "59.1 s", "3 min 07 s", "2 h 05 min"
[[nodiscard]] std::string bytes_text(std::uint64_t bytes); ///< "512 bytes", "3.2 MiB"

/// "loss 0.2921, accuracy 91.23 %"; where the accuracy is no number, the loss is a mean squared error: "RMSE 0.8712"
[[nodiscard]] std::string quality(double loss, double accuracy);
/// The same for a line that is short of room: "loss 0.2921  91.23 %"
[[nodiscard]] std::string short_quality(double loss, double accuracy);

/// Fills up with spaces to `columns`; longer texts stay.
[[nodiscard]] std::string right(const std::string& text, std::size_t columns);
[[nodiscard]] std::string left(std::string text, std::size_t columns);

} // namespace drover::cli

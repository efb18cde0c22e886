#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What each *.fuzz.cpp defines: one target a program.

/// Takes one input. An input may be refused in whatever way the code under test documents; anything else that it throws
/// ends the program, as every report of a sanitizer does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace drover::fuzz {

/// Inputs to begin with: what a correct peer or file would say. Written out by `PROGRAM -seeds=FOLDER`.
[[nodiscard]] std::vector<std::string> seeds();

} // namespace drover::fuzz

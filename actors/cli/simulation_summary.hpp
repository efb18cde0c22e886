#pragma once

#include "drover/actors/calibrate.hpp"
#include "drover/actors/simulate.hpp"

#include <ostream>

namespace drover::cli {

/// Share of the virtual time in which workers computed.
struct utilisation {
  double mean = 0;
  double min = 0;
  double max = 0;

  [[nodiscard]] static utilisation of(const simulation_measures& measures);
};

/// What was measured of a machine.
void print_calibration(std::ostream& out, const calibration& measured);

/// What a simulation has to say beside the summary of its job.
void print_measures(std::ostream& out, const simulation_measures& measures);

} // namespace drover::cli

#include "drover/actors/sim/presets.hpp"

namespace drover::sim {

const std::array<named_preset, 5> presets{{
    {"one-host", R"({
  "machines": [
    {"name": "host", "shards": 4096, "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.05}}
  ]
})"},
    {"10gbe-rack", R"({
  "machines": [
    {"name": "node", "count": 16, "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.1}}
  ],
  "withinRack": {"latencySeconds": 0.00003, "bytesPerSecond": 1250000000, "jitter": 0.2}
})"},
    {"two-racks", R"({
  "machines": [
    {"name": "left", "count": 16, "rack": "rack-left", "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.1}},
    {"name": "right", "count": 16, "rack": "rack-right", "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.1}}
  ],
  "withinRack": {"latencySeconds": 0.00003, "bytesPerSecond": 1250000000, "jitter": 0.2},
  "links": [
    {"between": ["rack-left", "rack-right"], "latencySeconds": 0.0001, "bytesPerSecond": 5000000000, "jitter": 0.5}
  ]
})"},
    {"geo", R"({
  "machines": [
    {"name": "frankfurt", "count": 8, "rack": "europe", "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.2}},
    {"name": "virginia", "count": 8, "rack": "america", "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.2}},
    {"name": "tokyo", "count": 8, "rack": "asia", "shards": 4,
     "step": {"seconds": 0.01, "distribution": "lognormal", "sigma": 0.2}}
  ],
  "links": [
    {"between": ["europe", "america"], "latencySeconds": 0.045, "bytesPerSecond": 125000000, "jitter": 0.1,
     "chances": {"loss": 0.0001}},
    {"between": ["america", "asia"], "latencySeconds": 0.08, "bytesPerSecond": 125000000, "jitter": 0.1,
     "chances": {"loss": 0.0001}},
    {"between": ["europe", "asia"], "latencySeconds": 0.12, "bytesPerSecond": 62500000, "jitter": 0.1,
     "chances": {"loss": 0.0005}}
  ]
})"},
    {"preemptible", R"({
  "machines": [
    {"name": "server", "count": 4, "shards": 4, "hostsWorkers": false},
    {"name": "spot", "count": 32, "shards": 0,
     "step": {"seconds": 0.01, "distribution": "pareto", "alpha": 3}}
  ],
  "withinRack": {"latencySeconds": 0.0002, "bytesPerSecond": 625000000, "jitter": 1},
  "faults": [
    {"kind": "crashAndRestart", "machines": ["spot"], "meanSeconds": 1800, "seconds": 120},
    {"kind": "pause", "machines": ["spot"], "meanSeconds": 600, "seconds": 2}
  ]
})"},
}};

} // namespace drover::sim

#pragma once

#include <sched.h>

namespace drover {

/// Threads that nearly always have something to compute are not to interrupt each other whenever a message wakes one:
/// each interruption finds, and leaves, caches full of something else. Makes the calling thread one that is not urgent
/// (sched(7), SCHED_BATCH); threads that it starts inherit that. Where the system refuses, all is well but slower.
inline void become_batch_thread() {
  sched_param none{};
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &none));
}

} // namespace drover

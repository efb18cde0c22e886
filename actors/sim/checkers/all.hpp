#pragma once

#include "drover/actors/sim/checkers/credits_return.hpp"
#include "drover/actors/sim/checkers/exactly_once.hpp"
#include "drover/actors/sim/checkers/ledger.hpp"
#include "drover/actors/sim/checkers/membership_agrees.hpp"
#include "drover/actors/sim/checkers/no_forgotten_pull.hpp"
#include "drover/actors/sim/checkers/parameters_agree.hpp"
#include "drover/actors/sim/checkers/progress.hpp"
#include "drover/actors/sim/checkers/read_rule.hpp"
#include "drover/actors/sim/checkers/staleness_bound.hpp"
#include "drover/actors/sim/world.hpp"

namespace drover::sim {

/// Every invariant, for one world.
class all_checkers {
public:
  all_checkers(const training_plan& plan, nanoseconds faults_end, nanoseconds deadline)
      : books_(*plan.job.read()), reads_(books_), staleness_(books_), once_(books_), members_(books_), pulls_(books_),
        credits_(*plan.job.read()), parameters_(plan, books_), progress_(faults_end, deadline) {}
  all_checkers(const all_checkers&) = delete;
  all_checkers& operator=(const all_checkers&) = delete;

  void watch(world& what) {
    for (checker* one :
         {static_cast<checker*>(&books_), static_cast<checker*>(&reads_), static_cast<checker*>(&staleness_),
          static_cast<checker*>(&once_), static_cast<checker*>(&members_), static_cast<checker*>(&pulls_),
          static_cast<checker*>(&credits_), static_cast<checker*>(&parameters_), static_cast<checker*>(&progress_)})
      what.watch(*one);
  }

private:
  ledger books_;
  read_rule reads_;
  staleness_bound staleness_;
  exactly_once once_;
  membership_agrees members_;
  no_forgotten_pull pulls_;
  credits_return credits_;
  parameters_agree parameters_;
  progress progress_;
};

} // namespace drover::sim

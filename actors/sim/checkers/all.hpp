#pragma once

#include "drover/actors/sim/checkers/credits_return.hpp"
#include "drover/actors/sim/checkers/exactly_once.hpp"
#include "drover/actors/sim/checkers/ledger.hpp"
#include "drover/actors/sim/checkers/membership_agrees.hpp"
#include "drover/actors/sim/checkers/no_forgotten_pull.hpp"
#include "drover/actors/sim/checkers/parameters_agree.hpp"
#include "drover/actors/sim/checkers/places.hpp"
#include "drover/actors/sim/checkers/progress.hpp"
#include "drover/actors/sim/checkers/read_rule.hpp"
#include "drover/actors/sim/checkers/right_ending.hpp"
#include "drover/actors/sim/checkers/staleness_bound.hpp"
#include "drover/actors/sim/checkers/stop_heeded.hpp"
#include "drover/actors/sim/checkers/true_stall.hpp"
#include "drover/actors/sim/hunted_world.hpp"
#include "drover/actors/sim/world.hpp"

#include <initializer_list>

namespace drover::sim {

/// Every invariant, for one world.
class all_checkers {
public:
  explicit all_checkers(const hunted_world& drawn)
      : books_(*drawn.plan.job.read()), reads_(books_), staleness_(books_), once_(books_), members_(books_),
        pulls_(books_), credits_(*drawn.plan.job.read()), parameters_(drawn.plan, books_), progress_(drawn),
        places_(drawn), stall_(drawn.plan), ending_(drawn) {}
  all_checkers(const all_checkers&) = delete;
  all_checkers& operator=(const all_checkers&) = delete;

  void watch(world& what) {
    for (checker* one :
         std::initializer_list<checker*>{&books_, &reads_, &staleness_, &once_, &members_, &pulls_, &credits_,
                                         &parameters_, &progress_, &places_, &stop_, &stall_, &ending_})
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
  places places_;
  stop_heeded stop_;
  true_stall stall_;
  right_ending ending_;
};

} // namespace drover::sim

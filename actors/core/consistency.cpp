#include "drover/actors/core/consistency.hpp"

namespace drover {

std::unique_ptr<const consistency> make_consistency(const consistency_mode& mode) {
  switch (mode.family) {
  case consistency_mode::kind::bsp:
    return make_bsp();
  case consistency_mode::kind::ssp:
    return make_ssp(mode.slack);
  case consistency_mode::kind::hogwild:
    return make_hogwild();
  case consistency_mode::kind::dsgd:
    return make_dsgd();
  case consistency_mode::kind::nomad:
    return make_nomad();
  case consistency_mode::kind::asp:
    break;
  }
  return make_asp();
}

} // namespace drover

#include "drover/actors/core/consistency_mode.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using drover::consistency_mode;

TEST_CASE("bsp, asp, ssp:S, hogwild, dsgd and nomad are understood") {
  CHECK(consistency_mode::parse("hogwild").family == consistency_mode::kind::hogwild);
  CHECK(consistency_mode::parse("dsgd").family == consistency_mode::kind::dsgd);
  CHECK(consistency_mode::parse("nomad").family == consistency_mode::kind::nomad);
  CHECK(consistency_mode::parse("bsp").family == consistency_mode::kind::bsp);
  CHECK(consistency_mode::parse("asp").family == consistency_mode::kind::asp);
  CHECK(consistency_mode::parse("ssp:0").family == consistency_mode::kind::ssp);
  CHECK(consistency_mode::parse("ssp:0").slack == 0);
  CHECK(consistency_mode::parse("ssp:1000000000").slack == 1'000'000'000);
}

TEST_CASE("any other consistency is refused with what is allowed") {
  for (std::string text :
       {"", "BSP", "ssp", "ssp:", "ssp:-1", "ssp:x", "ssp:3 ", "ssp:3:4", "ssp:1000000001", "ssp:99999999999999999999",
        "bsp:", "bsp:3", "asp:3", "hogwild:2", "dsgd:2", "nomad:2", ":3", "async"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)consistency_mode::parse(text), std::invalid_argument);
  }
  CHECK_THROWS_WITH(
      (void)consistency_mode::parse("asynchronous"),
      "consistency is asynchronous: say bsp, ssp:S with S from 0 to 1000000000, asp, hogwild, dsgd or nomad");
  CHECK_THROWS_WITH((void)consistency_mode::parse("asp:3"),
                    "consistency is asp:3: asp takes no staleness; say asp, or ssp:S for a bound, for example ssp:3");
}

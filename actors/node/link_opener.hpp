#pragma once

#include "drover/actors/node/links.hpp"
#include "drover/actors/type_ids.hpp"

#include <memory>

namespace drover {

/// Opens ways for bulk, both ways, to the nodes that it is told of once; spawn it detached.
link_opener_actor::behavior_type link_opener_behavior(link_opener_actor::pointer self,
                                                      const std::shared_ptr<links>& ways);

} // namespace drover

#include "drover/actors/sim/trace.hpp"

#include "drover/actors/sim/faults.hpp"

#include <capnp/schema.h>

#include <iomanip>
#include <string>

namespace drover::sim {

namespace {

// The plain fields of a message; lists and what is large are left out.
std::string summary_of(const protocol_message& what) {
  return std::visit(
      []<class T>(const message<T>& body) {
        auto view = body.read();
        std::string result = capnp::Schema::from<T>().getShortDisplayName().cStr();
        auto add = [&result](const char* name, std::uint64_t value) {
          result += std::string{" "} + name + " " + std::to_string(value);
        };
        if constexpr (requires { view->getEpoch(); })
          add("epoch", view->getEpoch());
        if constexpr (requires { view->getClock(); })
          add("clock", view->getClock());
        if constexpr (requires { view->getSequence(); })
          add("sequence", view->getSequence());
        if constexpr (requires { view->getVersion(); })
          add("version", view->getVersion());
        if constexpr (requires { view->getLife(); })
          add("life", view->getLife());
        if constexpr (requires { view->getSentence(); })
          result += std::string{": "} + view->getSentence().cStr();
        if constexpr (requires { view->getMembers(); })
          for (auto member : view->getMembers())
            result += " (" + std::to_string(member.getWorker()) + " joined " + std::to_string(member.getJoined()) +
                      " at " + std::to_string(member.getClock()) + ")";
        return result;
      },
      what);
}

} // namespace

std::ostream& trace::begin(nanoseconds now) {
  return out_ << std::fixed << std::setprecision(6) << static_cast<double>(now) / 1e9 << "  ";
}

void trace::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  begin(now) << to_string(from) << " -> " << to_string(to) << ": " << summary_of(what) << '\n';
}

void trace::on_deliver(nanoseconds now, const address& to, const protocol_message& what) {
  begin(now) << "    -> " << to_string(to) << ": " << summary_of(what) << '\n';
}

void trace::on_start(nanoseconds now, const address& who) {
  begin(now) << to_string(who) << " starts\n";
}

void trace::on_crash(nanoseconds now, const address& who) {
  begin(now) << to_string(who) << " crashes\n";
}

void trace::on_freeze(nanoseconds now, const address& who) {
  begin(now) << to_string(who) << " stands still, to move\n";
}

void trace::on_thaw(nanoseconds now, const address& who) {
  begin(now) << to_string(who) << " goes on\n";
}

void trace::on_fault(nanoseconds now, const fault_event& what, const cluster& of) {
  begin(now) << to_string(what, of) << '\n';
}

void trace::on_stop(nanoseconds now) {
  begin(now) << "    -> the coordinator: a request to stop\n";
}

} // namespace drover::sim

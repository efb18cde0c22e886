#pragma once

// The library's only place that knows versions of CAF: 0.18.7 and 1.x differ in how messages are sent, how monitors
// call back and how an actor reaches its state.

#include <caf/actor_cast.hpp>
#include <caf/config.hpp>
#include <caf/error.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/thread_hook.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <utility>

#if CAF_MAJOR_VERSION >= 1
#include <caf/anon_mail.hpp>
#endif

namespace drover::compat {

#if CAF_MAJOR_VERSION >= 1

template <class Self>
auto& state(Self* self) {
  return self->state();
}

template <class Self, class Handle, class... Ts>
void send(Self* self, const Handle& to, Ts&&... xs) {
  self->mail(std::forward<Ts>(xs)...).send(to);
}

template <class Self, class Duration, class Handle, class... Ts>
void delayed_send(Self* self, const Handle& to, Duration after, Ts&&... xs) {
  self->mail(std::forward<Ts>(xs)...).delay(after).send(to);
}

template <class Handle, class... Ts>
void anon_send(const Handle& to, Ts&&... xs) {
  caf::anon_mail(std::forward<Ts>(xs)...).send(to);
}

/// Asks, and calls back with the answer or with an error.
template <class Self, class Handle, class Duration, class OnAnswer, class OnError, class... Ts>
void request(Self* self, const Handle& to, Duration timeout, OnAnswer on_answer, OnError on_error, Ts&&... xs) {
  self->mail(std::forward<Ts>(xs)...).request(to, timeout).then(std::move(on_answer), std::move(on_error));
}

/// Asks; the result's `receive(on_answer, on_error)` makes a thread wait for the answer.
template <class Self, class Handle, class Duration, class... Ts>
auto ask(Self& self, const Handle& to, Duration timeout, Ts&&... xs) {
  return self->mail(std::forward<Ts>(xs)...).request(to, timeout);
}

/// Calls back in the watching actor when another ends, with the reason.
class watcher {
public:
  template <class Self, class Handle>
  void watch(Self* self, const Handle& whom, std::function<void(const caf::error&)> on_down) {
    self->monitor(whom, [on_down = std::move(on_down)](const caf::error& reason) { on_down(reason); });
  }
};

inline void close_mailbox_at_end(const caf::actor&) {}

/// What connections are served in.
using network_context = caf::scheduler;

#else

template <class Self>
auto& state(Self* self) {
  return self->state;
}

template <class Self, class Handle, class... Ts>
void send(Self* self, const Handle& to, Ts&&... xs) {
  self->send(to, std::forward<Ts>(xs)...);
}

template <class Self, class Duration, class Handle, class... Ts>
void delayed_send(Self* self, const Handle& to, Duration after, Ts&&... xs) {
  self->delayed_send(to, after, std::forward<Ts>(xs)...);
}

template <class Handle, class... Ts>
void anon_send(const Handle& to, Ts&&... xs) {
  caf::anon_send(to, std::forward<Ts>(xs)...);
}

/// Asks, and calls back with the answer or with an error.
template <class Self, class Handle, class Duration, class OnAnswer, class OnError, class... Ts>
void request(Self* self, const Handle& to, Duration timeout, OnAnswer on_answer, OnError on_error, Ts&&... xs) {
  self->request(to, timeout, std::forward<Ts>(xs)...).then(std::move(on_answer), std::move(on_error));
}

/// Asks; the result's `receive(on_answer, on_error)` makes a thread wait for the answer.
template <class Self, class Handle, class Duration, class... Ts>
auto ask(Self& self, const Handle& to, Duration timeout, Ts&&... xs) {
  return self->request(to, timeout, std::forward<Ts>(xs)...);
}

/// Calls back in the watching actor when another ends, with the reason.
class watcher {
public:
  template <class Self, class Handle>
  void watch(Self* self, const Handle& whom, std::function<void(const caf::error&)> on_down) {
    if (!std::exchange(begun_, true))
      self->set_down_handler([this](caf::down_msg& down) {
        if (auto found = callbacks_.extract(down.source))
          found.mapped()(down.reason);
      });
    callbacks_.emplace(caf::actor_cast<caf::actor_addr>(whom), std::move(on_down));
    self->monitor(whom);
  }

private:
  bool begun_ = false;
  std::multimap<caf::actor_addr, std::function<void(const caf::error&)>> callbacks_; ///< one a watch
};

/// For a broker, whose mailbox CAF leaves open (abstract_broker::cleanup): what it sent to itself and comes late keeps
/// it alive for ever.
inline void close_mailbox_at_end(const caf::actor& broker) {
  auto raw = static_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(broker));
  broker->attach_functor([raw] { raw->caf::scheduled_actor::cleanup(caf::error{}, nullptr); });
}

using network_context = caf::execution_unit;

#endif

/// Calls something at the beginning of each of a system's threads.
class thread_starter : public caf::thread_hook {
public:
  explicit thread_starter(void (*what)()) : what_(what) {}
  void init(caf::actor_system&) override {}
#if CAF_MAJOR_VERSION >= 1
  void thread_started(caf::thread_owner) override {
    what_();
  }
#else
  void thread_started() override {
    what_();
  }
#endif
  void thread_terminates() override {}

private:
  void (*what_)();
};

/// What every actor begins with. One that throws ends with the exception's own words as the reason. What an actor does
/// not understand is dropped, or answered with an error; CAF would print it, secrets and all.
template <class Self>
void set_up(Self* self) {
  self->set_default_handler(caf::drop);
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      return caf::make_error(caf::sec::runtime_error, std::string{error.what()});
    } catch (...) {
      return caf::make_error(caf::sec::runtime_error, "an unknown exception");
    }
  });
}

/// The words given with an error, or its name where there are none.
inline std::string describe(const caf::error& reason) {
  if (!reason) // a default error has no context to look at
    return "it ended";
  if (reason == caf::exit_reason::remote_link_unreachable)
    return "its process is gone, or the way to it";
  if (reason == caf::exit_reason::user_shutdown)
    return "its process was stopped";
  if (auto words = caf::make_const_typed_message_view<std::string>(reason.context()))
    return caf::get<0>(words);
  return caf::to_string(reason);
}

} // namespace drover::compat

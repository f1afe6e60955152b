#include "callbacks.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/ThreadLocalState.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "environment.h"
#include "errors.h"

namespace tstorch {

namespace {

// Without an accelerator the autograd engine works on the thread that calls it, which is ours.
bool has_other_threads() {
  static const bool forced = std::getenv("TSTORCH_SERVE_CALLBACKS") != nullptr;
  return forced || (at::getAccelerator(/*checked=*/false) && at::accelerator::deviceCount() > 0);
}

}  // namespace

void Callbacks::run(const std::function<void()>& work) {
  if (!has_other_threads()) {
    work();
    return;
  }
  at::ThreadLocalState state;
  const std::function<void()> there = [&] {
    at::ThreadLocalStateGuard guard(state);
    work();
  };
  std::unique_lock lock(mutex_);
  if (!serving_.empty()) {
    Request& request = *serving_.back();
    request.work = &there;
    request.work_done = false;
    request.work_error = nullptr;
    changed_.notify_all();
    serve_until(lock, request.work_done);
    if (request.work_error) std::rethrow_exception(request.work_error);
    return;
  }
  bool done = false;
  std::exception_ptr error;
  std::thread thread([&] {
    std::exception_ptr thrown;
    try {
      there();
    } catch (...) {
      thrown = std::current_exception();
    }
    std::lock_guard guard(mutex_);
    error = thrown;
    done = true;
    changed_.notify_all();
  });
  serve_until(lock, done);
  lock.unlock();
  thread.join();
  if (error) std::rethrow_exception(error);
}

void Callbacks::serve_until(std::unique_lock<std::mutex>& lock, const bool& done) {
  ++waiting_;
  while (true) {
    changed_.wait(lock, [&] { return done || !requests_.empty(); });
    if (requests_.empty()) break;
    Request& request = *requests_.front();
    requests_.pop_front();
    serving_.push_back(&request);
    lock.unlock();
    std::exception_ptr error;
    try {
      call(*request.body);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    serving_.pop_back();
    request.error = error;
    request.done = true;
    changed_.notify_all();
  }
  --waiting_;
}

void Callbacks::in_js(const std::function<void(Environment&)>& body) {
  if (std::this_thread::get_id() == thread_) {
    call(body);
    return;
  }
  // The modes of the calling thread, such as whether gradients are recorded, hold in the callback too.
  at::ThreadLocalState state;
  const std::function<void(Environment&)> with_state = [&](Environment& environment) {
    at::ThreadLocalStateGuard guard(state);
    body(environment);
  };
  Request request;
  request.body = &with_state;
  std::unique_lock lock(mutex_);
  if (waiting_ == 0) throw std::runtime_error("JavaScript was called while it was not waiting for a backward pass");
  requests_.push_back(&request);
  changed_.notify_all();
  while (true) {
    changed_.wait(lock, [&] { return request.done || request.work != nullptr; });
    if (request.done) break;
    const std::function<void()>& work = *std::exchange(request.work, nullptr);
    lock.unlock();
    std::exception_ptr error;
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    request.work_error = error;
    request.work_done = true;
    changed_.notify_all();
  }
  if (request.error) std::rethrow_exception(request.error);
}

void Callbacks::call(const std::function<void(Environment&)>& body) {
  if (environment_ == nullptr) throw std::runtime_error("the environment of a JavaScript function has ended");
  Environment& environment = *environment_;
  napi_handle_scope scope;
  if (napi_open_handle_scope(environment.env, &scope) != napi_ok) throw std::runtime_error("JavaScript is ending");
  std::exception_ptr error;
  try {
    body(environment);
  } catch (const JsException&) {
    error = std::current_exception();
  } catch (...) {
    throw_current_exception_in_js(environment);
    error = std::make_exception_ptr(JsException(environment));
  }
  napi_close_handle_scope(environment.env, scope);
  if (error) std::rethrow_exception(error);
}

void Callbacks::release(napi_ref reference) {
  if (std::this_thread::get_id() == thread_) {
    if (environment_ == nullptr) return;
    napi_delete_reference(environment_->env, reference);
    drain();
    return;
  }
  std::lock_guard guard(mutex_);
  released_.push_back(reference);
}

void Callbacks::drain() {
  std::vector<napi_ref> released;
  {
    std::lock_guard guard(mutex_);
    released.swap(released_);
  }
  for (napi_ref reference : released) napi_delete_reference(environment_->env, reference);
}

void Callbacks::close() { environment_ = nullptr; }

JsReference::JsReference(Environment& environment, napi_value object) : callbacks_(environment.callbacks) {
  callbacks_->drain();
  check(napi_create_reference(environment.env, object, 1, &reference_));
}

napi_value JsReference::get(napi_env env) const {
  napi_value object;
  check(napi_get_reference_value(env, reference_, &object));
  return object;
}

JsException::JsException(Environment& environment) {
  napi_env env = environment.env;
  napi_value thrown, holder;
  if (napi_get_and_clear_last_exception(env, &thrown) == napi_ok && napi_create_array(env, &holder) == napi_ok &&
      napi_set_element(env, holder, 0, thrown) == napi_ok) {
    holder_ = std::make_shared<JsReference>(environment, holder);
  }
}

void JsException::throw_in_js(napi_env env) const {
  napi_value thrown;
  if (holder_ && napi_get_element(env, holder_->get(env), 0, &thrown) == napi_ok) napi_throw(env, thrown);
}

}  // namespace tstorch

// JavaScript functions that LibTorch calls: the hooks of a backward pass. They run on the environment's own thread,
// whatever thread LibTorch calls from: while that thread waits for work that may call back, it serves the calls.
#pragma once

#include <node_api.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tstorch {

class Environment;

class Callbacks : public std::enable_shared_from_this<Callbacks> {
 public:
  explicit Callbacks(Environment& environment) : environment_(&environment), thread_(std::this_thread::get_id()) {}

  // On the environment's thread: runs `work`, which may call back from any thread, and returns when it is done.
  void run(const std::function<void()>& work);

  // From any thread: runs `body` on the environment's thread. What it throws, a JS exception too, is thrown here as a
  // std::exception, since LibTorch's threads know no other.
  void in_js(const std::function<void(Environment&)>& body);

  // From any thread: gives up a reference, at once or when there is a chance to.
  void release(napi_ref reference);

  // The environment is ending: nothing can be called any more.
  void close();

 private:
  friend class JsReference;

  // A call that waits for the environment's thread. That thread may in turn want work done where the call came from:
  // the autograd engine knows a backward pass inside another by its thread.
  struct Request {
    const std::function<void(Environment&)>* body = nullptr;
    const std::function<void()>* work = nullptr;
    std::exception_ptr error;
    std::exception_ptr work_error;
    bool done = false;
    bool work_done = false;
  };

  void call(const std::function<void(Environment&)>& body);
  void serve_until(std::unique_lock<std::mutex>& lock, const bool& done);
  void drain();

  Environment* environment_;  // null when it has ended
  std::thread::id thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Request*> requests_;
  std::vector<Request*> serving_;  // those whose bodies run now, the innermost last
  std::vector<napi_ref> released_;
  int waiting_ = 0;
};

// A JS function or another object that C++ holds, perhaps beyond the environment's end.
class JsReference {
 public:
  JsReference(Environment& environment, napi_value object);
  ~JsReference() { callbacks_->release(reference_); }
  JsReference(const JsReference&) = delete;
  JsReference& operator=(const JsReference&) = delete;

  // On the environment's thread.
  napi_value get(napi_env env) const;
  Callbacks& callbacks() const { return *callbacks_; }

 private:
  std::shared_ptr<Callbacks> callbacks_;
  napi_ref reference_ = nullptr;
};

// What a JS function threw, on its way through LibTorch back to JS.
class JsException final : public std::exception {
 public:
  // Takes the exception that is pending in JS.
  explicit JsException(Environment& environment);
  const char* what() const noexcept override { return "a JavaScript function that LibTorch called threw"; }
  void throw_in_js(napi_env env) const;

 private:
  std::shared_ptr<JsReference> holder_;  // an array with the value thrown, which need not be an object
};

}  // namespace tstorch

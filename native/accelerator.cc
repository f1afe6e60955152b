// Devices beside the CPU: which is current, streams, events, graphs, and the memory of their allocators. All of it goes
// through the interfaces that LibTorch's CPU library has for any accelerator, so no CUDA library is linked.
//
// A stream is three values, as in Python: its number, the index and the type of its device.
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#if __has_include(<ATen/accelerator/Graph.h>)
#include <ATen/accelerator/Graph.h>
#define TSTORCH_HAS_GRAPHS
#endif

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

using c10::impl::DeviceGuardImplInterface;

struct EventHandle final : Handle {
  EventHandle(c10::DeviceType type, c10::EventFlag flag) : Handle(HandleKind::kOther), event(type, flag) {}
  c10::Event event;
};

c10::DeviceType type_at(Call& call, size_t index) {
  return c10::Device(to_string(call.env, call.at(index), "device_type")).type();
}

// The interface of a type of device that is there; initialises it.
const DeviceGuardImplInterface& interface_of(c10::DeviceType type) {
  if (!c10::impl::hasDeviceGuardImpl(type)) {
    throw_runtime_error("this LibTorch has no support for devices of type '" + c10::DeviceTypeName(type, true) + "'");
  }
  const DeviceGuardImplInterface& found = *c10::impl::getDeviceGuardImpl(type);
  if (type != c10::kCPU) {
    if (found.deviceCount() == 0) throw_runtime_error("there is no device of type '" + c10::DeviceTypeName(type, true) + "'");
    at::globalContext().lazyInitDevice(type);
  }
  return found;
}

// The device of that type with the index in the argument, the current one where it is not given.
c10::Device device_at(Call& call, c10::DeviceType type, size_t index) {
  const DeviceGuardImplInterface& interface = interface_of(type);
  if (!call.given(index)) return interface.getDevice();
  int64_t number = to_int64(call.env, call.at(index), "device");
  if (number < 0 || number >= interface.deviceCount()) {
    throw_value_error("argument 'device': there is no device '" + c10::DeviceTypeName(type, true) + ":" +
                      std::to_string(number) + "' (" + std::to_string(interface.deviceCount()) + " found)");
  }
  return c10::Device(type, static_cast<c10::DeviceIndex>(number));
}

// (type, index?) at the start of the arguments.
c10::Device device_argument(Call& call) { return device_at(call, type_at(call, 0), 1); }

c10::Stream stream_at(Call& call, size_t first) {
  int64_t id = to_int64(call.env, call.at(first), "stream_id");
  c10::DeviceType type = type_at(call, first + 2);
  return c10::Stream(c10::Stream::UNSAFE, device_at(call, type, first + 1), id);
}

napi_value from_stream(Call& call, const c10::Stream& stream) {
  napi_value values;
  check(napi_create_array_with_length(call.env, 3, &values));
  check(napi_set_element(call.env, values, 0, call.number(static_cast<double>(stream.id()))));
  check(napi_set_element(call.env, values, 1, call.number(stream.device_index())));
  check(napi_set_element(call.env, values, 2, from_string(call.env, c10::DeviceTypeName(stream.device_type(), true))));
  return values;
}

template <typename Kind>
Kind& handle_at(Call& call, size_t index, const char* name) {
  napi_value value = call.raw(index);
  auto* handle = value == nullptr ? nullptr : dynamic_cast<Kind*>(handle_of(call.env, value));
  if (handle == nullptr || handle->disposed) throw_type_error("argument 'handle' must be " + std::string(name));
  return *handle;
}

c10::Event& event_at(Call& call, size_t index) { return handle_at<EventHandle>(call, index, "an event").event; }

// --- Devices ----------------------------------------------------------------------------------------------------------

// device_count(type): 0 where LibTorch or the machine has none.
napi_value device_count(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::DeviceType type = type_at(call, 0);
    bool there = c10::impl::hasDeviceGuardImpl(type);
    return call.number(there ? c10::impl::getDeviceGuardImpl(type)->deviceCount() : 0);
  });
}

// accelerator(): the accelerator's type, such as 'cuda', or null where there is none.
napi_value accelerator(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    auto type = at::getAccelerator(/*checked=*/false);
    if (!type || at::accelerator::deviceCount() == 0) return from_tensor(call.environment, {});
    return from_string(call.env, c10::DeviceTypeName(*type, /*lower_case=*/true));
  });
}

// compiled_accelerator(): the accelerator that LibTorch was built for, there or not; null for the CPU alone.
napi_value compiled_accelerator(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    auto type = at::getAccelerator(/*checked=*/false);
    if (!type) return from_tensor(call.environment, {});
    return from_string(call.env, c10::DeviceTypeName(*type, /*lower_case=*/true));
  });
}

napi_value current_device(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(device_argument(call).index()); });
}

// set_device(type, index)
napi_value set_device(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    interface_of(device.type()).setDevice(device);
    return call.undefined();
  });
}

// synchronize_device(type, index?)
napi_value synchronize_device(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    if (device.is_cpu()) return call.undefined();
    interface_of(device.type()).synchronizeDevice(device.index());
    return call.undefined();
  });
}

// device_dtypes(type, index?): the numbers of the dtypes that a device can hold.
napi_value device_dtypes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    uint64_t bits = interface_of(device.type()).getDeviceCapability(device).capability_data.capability_bits;
    napi_value codes;
    check(napi_create_array(call.env, &codes));
    uint32_t count = 0;
    for (uint32_t code = 0; code < c10::NUMBER_OF_DEVICE_CAPABILITIES; ++code) {
      if ((bits >> code) & 1) check(napi_set_element(call.env, codes, count++, call.number(code)));
    }
    return codes;
  });
}

// --- Streams ----------------------------------------------------------------------------------------------------------

// current_stream(type, index?)
napi_value current_stream(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    return from_stream(call, interface_of(device.type()).getStream(device));
  });
}

// default_stream(type, index?)
napi_value default_stream(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    return from_stream(call, interface_of(device.type()).getDefaultStream(device));
  });
}

// new_stream(type, index?, priority): one of the pool.
napi_value new_stream(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    int64_t priority = call.given(2) ? to_int64(call.env, call.at(2), "priority") : 0;
    return from_stream(call, interface_of(device.type()).getNewStream(device, static_cast<int>(priority)));
  });
}

// set_stream(id, index, type): makes it current, and its device; gives the stream that was current there.
napi_value set_stream(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Stream stream = stream_at(call, 0);
    const DeviceGuardImplInterface& interface = interface_of(stream.device_type());
    if (interface.getDevice() != stream.device()) interface.setDevice(stream.device());
    return from_stream(call, interface.exchangeStream(stream));
  });
}

// stream_query(id, index, type): has all of it been done?
napi_value stream_query(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Stream stream = stream_at(call, 0);
    return call.boolean(interface_of(stream.device_type()).queryStream(stream));
  });
}

napi_value stream_synchronize(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Stream stream = stream_at(call, 0);
    interface_of(stream.device_type()).synchronizeStream(stream);
    return call.undefined();
  });
}

// stream_handle(id, index, type): the number that the device's own library knows it by.
napi_value stream_handle(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Stream stream = stream_at(call, 0);
    auto address = reinterpret_cast<uintptr_t>(interface_of(stream.device_type()).getStreamNativeHandle(stream));
    return call.number(static_cast<double>(address));
  });
}

// LibTorch tells from version 2.12 on, before which nothing here could begin a capture.
template <typename Interface>
bool is_capturing(const Interface& interface, const c10::Stream& stream) {
  if constexpr (requires { interface.isStreamCapturing(stream); }) {
    return interface.isStreamCapturing(stream);
  } else {
    return false;
  }
}

// stream_capturing(id, index, type): is it being captured into a graph?
napi_value stream_capturing(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Stream stream = stream_at(call, 0);
    return call.boolean(is_capturing(interface_of(stream.device_type()), stream));
  });
}

// record_stream(tensor, id, index, type): its memory is not handed out again before the stream is done with it.
napi_value record_stream(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Tensor tensor = to_tensor(call.env, call.at(0), "self");
    tensor.record_stream(stream_at(call, 1));
    return call.undefined();
  });
}

// --- Events -----------------------------------------------------------------------------------------------------------

// new_event(type, timing)
napi_value new_event(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::DeviceType type = type_at(call, 0);
    interface_of(type);
    bool timing = to_bool(call.env, call.at(1), "enable_timing");
    auto flag = timing ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT;
    return call.environment.handles.adopt(call.env, new EventHandle(type, flag));
  });
}

// event_record(event, id, index, type)
napi_value event_record(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    event_at(call, 0).record(stream_at(call, 1));
    return call.undefined();
  });
}

// event_wait(event, id, index, type): what comes on the stream waits for the event.
napi_value event_wait(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    event_at(call, 0).block(stream_at(call, 1));
    return call.undefined();
  });
}

napi_value event_query(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(event_at(call, 0).query()); });
}

napi_value event_synchronize(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    event_at(call, 0).synchronize();
    return call.undefined();
  });
}

// event_elapsed(start, end): milliseconds
napi_value event_elapsed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(event_at(call, 0).elapsedTime(event_at(call, 1))); });
}

// event_id(event): [id, index of its device]; 0 and -1 before it is recorded.
napi_value event_id(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Event& event = event_at(call, 0);
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    auto address = reinterpret_cast<uintptr_t>(event.eventId());
    check(napi_set_element(call.env, pair, 0, call.number(static_cast<double>(address))));
    check(napi_set_element(call.env, pair, 1, call.number(event.device_index())));
    return pair;
  });
}

// --- Memory -----------------------------------------------------------------------------------------------------------

// device_memory_stats(type, index?): [name, value, name, value, …], by the names in Python's memory_stats
napi_value device_memory_stats(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    using c10::CachingAllocator::Stat;
    using c10::CachingAllocator::StatArray;
    c10::Device device = device_argument(call);
    auto stats = at::getDeviceAllocator(device.type())->getDeviceStats(device.index());
    napi_value list;
    check(napi_create_array(call.env, &list));
    uint32_t count = 0;
    auto add = [&](const std::string& name, int64_t value) {
      check(napi_set_element(call.env, list, count++, from_string(call.env, name)));
      check(napi_set_element(call.env, list, count++, call.number(static_cast<double>(value))));
    };
    auto add_stat = [&](const std::string& name, const Stat& stat) {
      add(name + ".current", stat.current);
      add(name + ".peak", stat.peak);
      add(name + ".allocated", stat.allocated);
      add(name + ".freed", stat.freed);
    };
    auto add_all = [&](const std::string& name, const StatArray& stat) {
      static const char* const pools[] = {"all", "small_pool", "large_pool"};
      for (size_t i = 0; i < 3; ++i) add_stat(name + "." + pools[i], stat[i]);
    };
    add("num_alloc_retries", stats.num_alloc_retries);
    add("num_ooms", stats.num_ooms);
    add("max_split_size", stats.max_split_size);
    add("num_sync_all_streams", stats.num_sync_all_streams);
    add("num_device_alloc", stats.num_device_alloc);
    add("num_device_free", stats.num_device_free);
    add_all("allocation", stats.allocation);
    add_all("segment", stats.segment);
    add_all("active", stats.active);
    add_all("inactive_split", stats.inactive_split);
    add_all("allocated_bytes", stats.allocated_bytes);
    add_all("reserved_bytes", stats.reserved_bytes);
    add_all("active_bytes", stats.active_bytes);
    add_all("inactive_split_bytes", stats.inactive_split_bytes);
    add_all("requested_bytes", stats.requested_bytes);
    add_stat("oversize_allocations", stats.oversize_allocations);
    add_stat("oversize_segments", stats.oversize_segments);
    return list;
  });
}

// reset_device_memory_stats(type, index?, peak): the peaks, or what was summed up so far
napi_value reset_device_memory_stats(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    c10::DeviceAllocator* allocator = at::getDeviceAllocator(device.type());
    if (to_bool(call.env, call.at(2), "peak")) {
      allocator->resetPeakStats(device.index());
    } else {
      allocator->resetAccumulatedStats(device.index());
    }
    return call.undefined();
  });
}

// device_memory_info(type, index?): [free, total]
napi_value device_memory_info(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = device_argument(call);
    auto [free, total] = at::getDeviceAllocator(device.type())->getMemoryInfo(device.index());
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    check(napi_set_element(call.env, pair, 0, call.number(static_cast<double>(free))));
    check(napi_set_element(call.env, pair, 1, call.number(static_cast<double>(total))));
    return pair;
  });
}

// empty_device_cache(type): gives memory that no tensor uses back to the driver.
napi_value empty_device_cache(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::DeviceType type = type_at(call, 0);
    interface_of(type);
    call.environment.handles.release_all();
    at::getDeviceAllocator(type)->emptyCache();
    return call.undefined();
  });
}

// --- Graphs -----------------------------------------------------------------------------------------------------------

#ifdef TSTORCH_HAS_GRAPHS

struct GraphHandle final : Handle {
  explicit GraphHandle(bool keep) : Handle(HandleKind::kOther), graph(keep) {}
  at::accelerator::Graph graph;
};

at::accelerator::Graph& graph_at(Call& call) { return handle_at<GraphHandle>(call, 0, "a graph").graph; }

// new_graph(keep_graph)
napi_value new_graph(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    bool keep = to_bool(call.env, call.at(0), "keep_graph");
    return call.environment.handles.adopt(call.env, new GraphHandle(keep));
  });
}

// graph_capture_begin(graph, mode, pool number?, pool number?)
napi_value graph_capture_begin(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::accelerator::Graph& graph = graph_at(call);
    std::string name = to_string(call.env, call.at(1), "capture_error_mode");
    at::GraphCaptureMode mode;
    if (name == "global") {
      mode = at::GraphCaptureMode::Global;
    } else if (name == "thread_local") {
      mode = at::GraphCaptureMode::ThreadLocal;
    } else if (name == "relaxed") {
      mode = at::GraphCaptureMode::Relaxed;
    } else {
      throw_runtime_error("Unknown capture error mode. Expected `global`, `thread_local`, or `relaxed`, got " + name);
    }
    c10::MempoolId_t pool{0, 0};
    if (call.given(2)) {
      pool = {static_cast<c10::CaptureId_t>(to_int64(call.env, call.at(2), "pool")),
              static_cast<c10::CaptureId_t>(to_int64(call.env, call.at(3), "pool"))};
    }
    graph.capture_begin(pool, mode);
    return call.undefined();
  });
}

template <void (at::accelerator::Graph::*method)()>
napi_value graph_method(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    (graph_at(call).*method)();
    return call.undefined();
  });
}

napi_value graph_pool(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto [first, second] = graph_at(call).pool();
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    check(napi_set_element(call.env, pair, 0, call.number(static_cast<double>(first))));
    check(napi_set_element(call.env, pair, 1, call.number(static_cast<double>(second))));
    return pair;
  });
}

napi_value graph_debug_dump(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    graph_at(call).debug_dump(to_string(call.env, call.at(1), "debug_path"));
    return call.undefined();
  });
}

#endif

}  // namespace

const std::vector<Export>& accelerator_exports() {
  static const std::vector<Export> exports = {
      {"device_count", device_count},
      {"accelerator", accelerator},
      {"compiled_accelerator", compiled_accelerator},
      {"current_device", current_device},
      {"set_device", set_device},
      {"synchronize_device", synchronize_device},
      {"device_dtypes", device_dtypes},
      {"current_stream", current_stream},
      {"default_stream", default_stream},
      {"new_stream", new_stream},
      {"set_stream", set_stream},
      {"stream_query", stream_query},
      {"stream_synchronize", stream_synchronize},
      {"stream_handle", stream_handle},
      {"stream_capturing", stream_capturing},
      {"record_stream", record_stream},
      {"new_event", new_event},
      {"event_record", event_record},
      {"event_wait", event_wait},
      {"event_query", event_query},
      {"event_synchronize", event_synchronize},
      {"event_elapsed", event_elapsed},
      {"event_id", event_id},
      {"device_memory_stats", device_memory_stats},
      {"reset_device_memory_stats", reset_device_memory_stats},
      {"device_memory_info", device_memory_info},
      {"empty_device_cache", empty_device_cache},
#ifdef TSTORCH_HAS_GRAPHS
      {"new_graph", new_graph},
      {"graph_capture_begin", graph_capture_begin},
      {"graph_capture_end", graph_method<&at::accelerator::Graph::capture_end>},
      {"graph_instantiate", graph_method<&at::accelerator::Graph::instantiate>},
      {"graph_replay", graph_method<&at::accelerator::Graph::replay>},
      {"graph_reset", graph_method<&at::accelerator::Graph::reset>},
      {"graph_enable_debug_mode", graph_method<&at::accelerator::Graph::enable_debug_mode>},
      {"graph_pool", graph_pool},
      {"graph_debug_dump", graph_debug_dump},
#endif
  };
  return exports;
}

}  // namespace tstorch

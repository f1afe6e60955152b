// The system's loader of shared libraries: dlopen and its relatives, or what Windows has in their place. Free of LibTorch
// and of Node, so that the loader can use it too.
#pragma once

#include <string>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))
// glibc 2.34 moved these into libc and gave them new versions; the old ones are the same functions and are everywhere.
#if defined(__x86_64__)
#define TSTORCH_DLOPEN_GLIBC "GLIBC_2.2.5"
#else
#define TSTORCH_DLOPEN_GLIBC "GLIBC_2.17"
#endif
__asm__(".symver dlopen,dlopen@" TSTORCH_DLOPEN_GLIBC);
__asm__(".symver dlsym,dlsym@" TSTORCH_DLOPEN_GLIBC);
__asm__(".symver dlerror,dlerror@" TSTORCH_DLOPEN_GLIBC);
#endif

namespace tstorch {

// Who sees the symbols of a library that is opened: those that name it as their dependency, or everybody.
enum class Visibility { kDependents, kEverybody };

#ifdef _WIN32

inline std::string windows_error() {
  DWORD code = GetLastError();
  char buffer[512];
  DWORD size = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, code, 0, buffer,
                              sizeof(buffer), nullptr);
  while (size > 0 && (buffer[size - 1] == '\n' || buffer[size - 1] == '\r')) --size;
  return std::string(buffer, size) + " (error " + std::to_string(code) + ")";
}

// Null where it cannot be opened; `reason` then tells why. `path` is absolute, in UTF-8.
inline void* open_library(const std::string& path, Visibility, std::string& reason) {
  int size = MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), nullptr, 0);
  std::wstring wide(size, L'\0');
  MultiByteToWideChar(CP_UTF8, 0, path.data(), static_cast<int>(path.size()), wide.data(), size);
  // The altered search path, which takes backslashes only, makes the library's own folder the first place for what it
  // depends on.
  for (wchar_t& character : wide) {
    if (character == L'/') character = L'\\';
  }
  HMODULE handle = LoadLibraryExW(wide.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (handle == nullptr) reason = windows_error();
  return handle;
}

inline void* find_symbol(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}

#else

// Null where it cannot be opened; `reason` then tells why.
inline void* open_library(const std::string& path, Visibility visibility, std::string& reason) {
  void* handle = dlopen(path.c_str(), visibility == Visibility::kEverybody ? RTLD_NOW | RTLD_GLOBAL : RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* text = dlerror();
    reason = text == nullptr ? "unknown reason" : text;
  }
  return handle;
}

inline void* find_symbol(void* library, const char* name) { return dlsym(library, name); }

#endif

}  // namespace tstorch

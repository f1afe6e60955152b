// Keeps the addon loadable wherever LibTorch itself is (glibc 2.28), however new the machine that compiles it;
// scripts/package/prebuild.mjs checks that.
//
// Compilers on newer systems refer to functions and variables that glibc gained or moved since. What of that reaches
// this addon is defined here, hidden, so that the references end in the addon itself.

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))

#if defined(__x86_64__)
#define TSTORCH_OLDEST_GLIBC "GLIBC_2.2.5"
#else
#define TSTORCH_OLDEST_GLIBC "GLIBC_2.17"
#endif

#define TSTORCH_HIDDEN __attribute__((visibility("hidden")))

// No system header declares these here (nor does the precompiled one): it would give them another visibility.
extern "C" {

// std::shared_ptr asks it whether it can do without atomic counting. Node always has threads, so: never.
TSTORCH_HIDDEN char __libc_single_threaded = 0;

// Since 2.34 in libc itself under a new version; the old one is the same function.
int tstorch_pthread_once(int* control, void (*routine)());
__asm__(".symver tstorch_pthread_once,pthread_once@" TSTORCH_OLDEST_GLIBC);
TSTORCH_HIDDEN int pthread_once(int* control, void (*routine)()) { return tstorch_pthread_once(control, routine); }

// New versions in 2.29, which leave errno alone; the old ones compute the same.
double tstorch_pow(double base, double exponent);
__asm__(".symver tstorch_pow,pow@" TSTORCH_OLDEST_GLIBC);
TSTORCH_HIDDEN double pow(double base, double exponent) { return tstorch_pow(base, exponent); }

double tstorch_log(double x);
__asm__(".symver tstorch_log,log@" TSTORCH_OLDEST_GLIBC);
TSTORCH_HIDDEN double log(double x) { return tstorch_log(x); }

// std::condition_variable::wait, which got a new version in libstdc++ when it was declared noexcept.
void tstorch_wait(void* condition, void* lock);
__asm__(".symver tstorch_wait,_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.11");
TSTORCH_HIDDEN void _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE(void* condition, void* lock) {
  tstorch_wait(condition, lock);
}

}  // extern "C"

#endif

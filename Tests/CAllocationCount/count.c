#include "CAllocationCount.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

// Definitions in the test executable precede glibc's in symbol lookup, so no flag or preload is needed.
#if defined(__linux__) && defined(__GLIBC__)
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);
static atomic_ulong total;
static _Thread_local unsigned long mine;
static inline void count(void) {
    atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
    mine++;
}
void *malloc(size_t n) {
    count();
    return __libc_malloc(n);
}
void *calloc(size_t n, size_t s) {
    count();
    return __libc_calloc(n, s);
}
void *realloc(void *p, size_t n) {
    count();
    return __libc_realloc(p, n);
}
void *memalign(size_t a, size_t n) {
    count();
    return __libc_memalign(a, n);
}
void *aligned_alloc(size_t a, size_t n) {
    count();
    return __libc_memalign(a, n);
}
int posix_memalign(void **p, size_t a, size_t n) {
    count();
    *p = __libc_memalign(a, n);
    return *p ? 0 : ENOMEM;
}
unsigned long allocation_count(void) { return atomic_load(&total); }
unsigned long allocation_count_thread(void) { return mine; }
#else
unsigned long allocation_count(void) { return 0; }
unsigned long allocation_count_thread(void) { return 0; }
#endif

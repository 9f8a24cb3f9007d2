#include "CAllocationCount.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

// Defined in the test executable, these come before glibc's in symbol lookup: neither flag nor preload is needed.
#if defined(__linux__) && defined(__GLIBC__)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong total;
static _Thread_local unsigned long mine;

static inline void count(void) {
    atomic_fetch_add_explicit(&total, 1, memory_order_relaxed);
    mine++;
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count();
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

unsigned long allocation_count(void) { return atomic_load(&total); }
unsigned long allocation_count_thread(void) { return mine; }
int allocation_count_is_available(void) { return 1; }

#else

unsigned long allocation_count(void) { return 0; }
unsigned long allocation_count_thread(void) { return 0; }
int allocation_count_is_available(void) { return 0; }

#endif

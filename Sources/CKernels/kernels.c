#include "CKernels.h"

#include <math.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// The loops are compiled once per SIMD level. The compiler may contract a * b + c, which changes results only by
// rounding. Reassociation is allowed only where a function says so, never in the argument reductions of exp.
#pragma STDC FP_CONTRACT ON
#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))
// No iteration depends on another: an output either is an input array or does not overlap it.
#define LOOP _Pragma("clang loop vectorize(assume_safety)")
// Sums may be taken in vector lanes.
#define REASSOCIATE _Pragma("clang fp reassociate(on) contract(fast)")

#include "leaf/philox.h"

typedef float four __attribute__((vector_size(16), aligned(4)));

// arm64 and AVX-512 have 32 vector registers, the others 16.
#if defined(__aarch64__)
#define PANEL_VECTORS 4
#else
#define PANEL_VECTORS 2
#endif
#define VECTOR_FLOATS 4
#define LEVEL 1
#define NAME(f) f##_base
#include "leaf/all.h"
#undef NAME
#undef LEVEL
#undef VECTOR_FLOATS
#undef PANEL_VECTORS

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define VECTOR_FLOATS 8
#define PANEL_VECTORS 2
#define LEVEL 3
#define NAME(f) f##_v3
#include "leaf/all.h"
#undef NAME
#undef LEVEL
#undef PANEL_VECTORS
#undef VECTOR_FLOATS
#pragma clang attribute pop

// Without the tuning, the compiler prefers 256-bit vectors.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,tune=znver4"))), apply_to = function)
#define VECTOR_FLOATS 16
#define PANEL_VECTORS 4
#define LEVEL 4
#include "leaf/turn.h"
#define NAME(f) f##_v4
#include "leaf/all.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,avx512bf16,tune=znver4"))), apply_to = function)
#include "leaf/product_bf16.h"
#pragma clang attribute pop
#undef NAME
#undef LEVEL
#undef PANEL_VECTORS
#undef VECTOR_FLOATS

static const struct lathe_pair_kernels pair_kernels = {
    .round_pairs = round_pairs, .dots = dots_pairs, .turn_pairs = turn_pairs, .pack_pairs = pack_pairs,
    .multiply_panel = multiply_panel_pairs};
#endif

const struct lathe_pair_kernels *lathe_pair_kernels(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16")) return &pair_kernels;
#endif
    return 0;
}

const struct lathe_kernels *lathe_kernels_at(int32_t level) {
#if defined(__x86_64__)
    if (level >= 4 && __builtin_cpu_supports("x86-64-v4")) return &table_v4;
    if (level >= 3 && __builtin_cpu_supports("x86-64-v3")) return &table_v3;
#else
    (void)level;
#endif
    return &table_base;
}

void lathe_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t result[4]) {
    struct philox_block b = philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
    memcpy(result, b.word, sizeof b.word);
}

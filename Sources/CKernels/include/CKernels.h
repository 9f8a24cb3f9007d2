#pragma once
#include <stddef.h>
#include <stdint.h>

// Vectorised leaf loops, compiled once per SIMD level and called through a table of functions, so that every level the
// CPU supports can be selected, tested and timed. All arrays are fp32 and row-major; `n` counts elements. An output may
// be the same array as an input (in place) but must not overlap it otherwise. Nothing here allocates, starts a thread
// or keeps state.
#pragma clang assume_nonnull begin

/// The settings of one optimizer pass.
struct lathe_update {
    float gradient_scale;  ///< multiplies each gradient first (averaging and clipping by norm)
    float clamp;           ///< then |gradient| is limited to this (infinity: not at all)
    float rate, beta1, beta2, epsilon, decay;
    float bias_correction1, bias_correction2;  ///< 1 - beta^step
};

struct lathe_kernels {
    int32_t level;         ///< 1: what every CPU of the architecture has; 3, 4: x86-64-v3 (AVX2), x86-64-v4 (AVX-512)
    int32_t panel_columns; ///< columns of a packed panel

    // Element by element
    void (*add)(const float *a, const float *b, float *y, ptrdiff_t n);
    void (*scale)(const float *x, float factor, float *y, ptrdiff_t n);
    void (*add_scaled)(const float *x, float factor, float *y, ptrdiff_t n);      ///< y += factor x
    void (*fill)(float value, float *y, ptrdiff_t n);
    void (*gelu)(const float *x, float *y, ptrdiff_t n);
    /// dx (=|+=) dy gelu'(x)
    void (*gelu_backward)(const float *x, const float *dy, float *dx, ptrdiff_t n, int32_t accumulate);

    // Reductions
    float (*dot)(const float *a, const float *b, ptrdiff_t n);
    /// y[r] = dot product of a [n] and row r of b [rows, n], rows `stride` apart
    void (*dots)(const float *a, const float *b, ptrdiff_t stride, float *y, ptrdiff_t rows, ptrdiff_t n);
    float (*maximum)(const float *x, ptrdiff_t n);  ///< -infinity when empty
    double (*sum_of_squares)(const float *x, ptrdiff_t n);
    ptrdiff_t (*first_non_finite)(const float *x, ptrdiff_t n);  ///< -1: none
    /// sums[j] += the sum of column j of x [rows, columns], rows `stride` apart
    void (*column_sums)(const float *x, ptrdiff_t stride, float *sums, ptrdiff_t rows, ptrdiff_t columns);

    // Layer normalisation of rows
    void (*layer_norm)(const float *x, const float *weight, const float *_Nullable bias, float *y, float *mean,
                       float *rstd, ptrdiff_t rows, ptrdiff_t width, float epsilon);
    /// `weight_sums` and `bias_sums` (either may be null) are added to
    void (*layer_norm_backward)(const float *dy, const float *x, const float *weight, const float *mean,
                                const float *rstd, float *dx, int32_t accumulate, float *_Nullable weight_sums,
                                float *_Nullable bias_sums, ptrdiff_t rows, ptrdiff_t width);

    // Softmax
    /// x = exp(scale (x - maximum)); returns the sum
    float (*exponential_sum)(float *x, float maximum, float scale, ptrdiff_t n);
    /// maximum[j] = max(maximum[j], column j of x [rows, columns]); adds bias[i] to row i first if there is a bias
    void (*column_maxima)(float *x, const float *_Nullable bias, float *maximum, ptrdiff_t rows, ptrdiff_t columns);
    /// sums[j] += sum of exp(x - maximum[j]) over column j; with `keep`, x is overwritten by the exponentials
    void (*column_exponentials)(float *x, const float *maximum, float *sums, ptrdiff_t rows, ptrdiff_t columns,
                                int32_t keep);
    // Rows of causal attention, `stride` apart and padded to whole vectors. Row r has first + r + 1 keys; the rest up
    // to `keys` is zeroed.
    /// scores become softmax(scale scores); log_sums [rows] receives the log of each sum
    void (*causal_softmax)(float *scores, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t keys,
                           float scale, float *log_sums);
    /// scores become exp(scale scores - log_sum)
    void (*causal_probabilities)(float *scores, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t keys,
                                 float scale, const float *log_sums);
    /// dp = scale p (dp - delta of the row)
    void (*softmax_backward)(const float *p, float *dp, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t keys, float scale,
                             const float *deltas);

    // LSTM cell on `n` units of one row; the four gates i, f, g, o are `stride` apart
    /// gates: in, pre-activations; out, activations
    void (*lstm_cell)(float *gates, ptrdiff_t stride, const float *c_before, float *c, float *h, ptrdiff_t n);
    /// gates: in, activations; out, gradients of the pre-activations. dc: in, gradient of c from the next step; out,
    /// gradient of c_before
    void (*lstm_cell_backward)(float *gates, ptrdiff_t stride, const float *c_before, const float *c, const float *dh,
                               float *dc, ptrdiff_t n);

    // Philox4x32-10; the element order is that of `lathe_philox_element`
    /// y (=|+=) x kept / (1 - p); an element is kept if its 24 random bits are at least `threshold` = p 2^24
    void (*dropout)(const float *x, float *y, ptrdiff_t n, uint64_t first, uint32_t threshold, float factor,
                    const uint32_t *key, int32_t accumulate);
    void (*fill_uniform)(float *y, ptrdiff_t n, uint64_t first, const uint32_t *key);  ///< [0, 1), 24 bits
    void (*fill_normal)(float *y, ptrdiff_t n, uint64_t first, const uint32_t *key);   ///< mean 0, variance 1

    // Optimizers, one pass over parameters w with gradients g
    void (*sgd)(float *w, const float *g, float *_Nullable velocity, ptrdiff_t n, const struct lathe_update *update,
                int32_t first);
    void (*adam)(float *w, const float *g, float *m, float *v, ptrdiff_t n, const struct lathe_update *update);
    void (*adamw)(float *w, const float *g, float *m, float *v, ptrdiff_t n, const struct lathe_update *update);

    // Products with panels of at most `panel_columns` columns of b
    /// c [rows, columns] (=|+=) a [rows, depth] b [depth, columns]; element (i, p) of a is
    /// a[i row_stride + p column_stride]. Rows of b are `ldb` apart and must be readable up to a whole number of
    /// vectors. So must `start`, the initial value of each row of c (a bias; null: none).
    void (*multiply_panel)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *b, ptrdiff_t ldb,
                           const float *_Nullable start, float *c, ptrdiff_t ldc, ptrdiff_t rows, ptrdiff_t depth,
                           ptrdiff_t columns, int32_t accumulate);
    /// panel [depth, width], zero-padded, of b [depth, columns]; element (p, j) of b is
    /// b[p row_stride + j column_stride].
    void (*pack_panel)(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, float *panel, ptrdiff_t width,
                       ptrdiff_t depth, ptrdiff_t columns);
};

/// Products of bfloat16 numbers with fp32 sums. Factors are stored in pairs along the depth, two numbers in the 32 bits
/// of a float; an odd depth is padded with zero. Panels are as wide as `panel_columns` of the highest SIMD level.
struct lathe_pair_kernels {
    void (*round_pairs)(const float *x, float *y, ptrdiff_t n);  ///< y [(n + 1) / 2]: the pairs of x
    /// As `dots` above; a, b, `stride` and `n` in pairs.
    void (*dots)(const float *a, const float *b, ptrdiff_t stride, float *y, ptrdiff_t rows, ptrdiff_t n);
    /// y [columns, (depth + 1) / 2], rows `y_stride` apart: the pairs of x [depth, columns], rows `stride` apart, along
    /// its columns
    void (*turn_pairs)(const float *x, ptrdiff_t stride, float *y, ptrdiff_t y_stride, ptrdiff_t depth,
                       ptrdiff_t columns);
    /// panel [(depth + 1) / 2, width], zero-padded, of b [depth, columns]; element (p, j) of b is
    /// b[p row_stride + j column_stride]
    void (*pack_pairs)(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, float *panel, ptrdiff_t width,
                       ptrdiff_t depth, ptrdiff_t columns);
    /// As `multiply_panel` above; a, b and `depth` in pairs.
    void (*multiply_panel)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *b, ptrdiff_t ldb,
                           const float *_Nullable start, float *c, ptrdiff_t ldc, ptrdiff_t rows, ptrdiff_t depth,
                           ptrdiff_t columns, int32_t accumulate);
};

/// Null on a CPU without bfloat16 products (AVX512-BF16).
const struct lathe_pair_kernels *_Nullable lathe_pair_kernels(void);

/// The table of the highest level that is at most `level` and that this CPU supports.
const struct lathe_kernels *lathe_kernels_at(int32_t level);

/// Philox4x32-10 (Salmon et al., SC 2011): ten rounds on `counter` under `key`.
void lathe_philox(const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2], uint32_t result[_Nonnull 4]);

/// Tells the core that it is in a spin loop.
static inline void lathe_relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#pragma clang assume_nonnull end

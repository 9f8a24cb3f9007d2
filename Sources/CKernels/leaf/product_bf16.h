// bfloat16 products with single-precision sums, for CPUs with AVX512-BF16. Factors are stored in pairs along the depth,
// two numbers in 32 bits, so tiles and panels are those of single precision with half the depth. Rounds to nearest,
// ties to even.
typedef float pairs __attribute__((vector_size(64), aligned(4)));

INLINE pairs multiply_add_pairs(pairs sum, float s, pairs v) {
    return (pairs)_mm512_dpbf16_ps((__m512)sum, (__m512bh)_mm512_set1_ps(s), (__m512bh)v);
}

/// y: the pairs of x, the last one padded with zero.
static void round_pairs(const float *x, float *y, ptrdiff_t n) {
    ptrdiff_t i = 0;
    for (; i + 32 <= n; i += 32)
        _mm512_storeu_ps(y + i / 2, (__m512)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + 16), _mm512_loadu_ps(x + i)));
    for (; i < n; i += 16) {
        __mmask16 left = n - i >= 16 ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
        __m256i rounded = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(left, x + i));
        __mmask8 pairs_left = n - i >= 16 ? 0xff : (__mmask8)((1u << ((n - i + 1) / 2)) - 1);
        _mm256_mask_storeu_epi32(y + i / 2, pairs_left, rounded);
    }
}

INLINE __m512i interleave(__m512 first, __m512 second) {
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(first));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(second));
    return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// Sixteen pairs of the column that begins at x; if there are fewer, the rest is zero.
INLINE __m512 column_pairs(const float *x, ptrdiff_t n) {
    __mmask16 low = n >= 16 ? 0xffff : n <= 0 ? 0 : (__mmask16)((1u << n) - 1);
    __mmask16 high = n >= 32 ? 0xffff : n <= 16 ? 0 : (__mmask16)((1u << (n - 16)) - 1);
    return (__m512)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(high, x + 16), _mm512_maskz_loadu_ps(low, x));
}

static void pack_pairs(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, float *panel, ptrdiff_t width,
                       ptrdiff_t depth, ptrdiff_t columns) {
    ptrdiff_t pairs_deep = (depth + 1) / 2;
    if (column_stride == 1) {
        for (ptrdiff_t p = 0; p < pairs_deep; p++) {
            const float *row = b + 2 * p * row_stride;
            __mmask16 has_second = 2 * p + 1 < depth ? 0xffff : 0;
            // The next rows may be pages away, out of reach of the hardware prefetcher.
            for (ptrdiff_t j = 0; j < columns; j += 16) {
                __builtin_prefetch(row + 8 * row_stride + j);
                __builtin_prefetch(row + 9 * row_stride + j);
            }
            for (ptrdiff_t j = 0; j < width; j += 16) {
                ptrdiff_t here = columns - j, room = width - j;
                __mmask16 read = here >= 16 ? 0xffff : here <= 0 ? 0 : (__mmask16)((1u << here) - 1);
                __mmask16 write = room >= 16 ? 0xffff : (__mmask16)((1u << room) - 1);
                __m512 first = _mm512_maskz_loadu_ps(read, row + j);
                __m512 second = _mm512_maskz_loadu_ps(read & has_second, row + row_stride + j);
                _mm512_mask_storeu_epi32(panel + p * width + j, write, interleave(first, second));
            }
        }
    } else {
        // The rows of b are contiguous: read sixteen columns sequentially and transpose blocks of 16 x 16 pairs.
        ptrdiff_t j = 0;
        for (; j + 16 <= columns && row_stride == 1; j += 16) {
            const float *column = b + j * column_stride;
            for (ptrdiff_t p = 0; p < pairs_deep; p += 16) {
                __m512 block[16];
#pragma clang loop unroll(full)
                for (int i = 0; i < 16; i++) {
                    const float *x = column + i * column_stride + 2 * p;
                    __builtin_prefetch(x + 128);
                    __builtin_prefetch(x + 144);
                    block[i] = column_pairs(x, depth - 2 * p);
                }
                turn16(block);
                ptrdiff_t rows = pairs_deep - p < 16 ? pairs_deep - p : 16;
                for (ptrdiff_t i = 0; i < rows; i++) _mm512_storeu_ps(panel + (p + i) * width + j, block[i]);
            }
        }
        for (; j < width; j++)
            for (ptrdiff_t p = 0; p < pairs_deep; p++) {
                const float *at = b + 2 * p * row_stride + j * column_stride;
                float two[2] = {j < columns ? at[0] : 0, j < columns && 2 * p + 1 < depth ? at[row_stride] : 0};
                round_pairs(two, panel + p * width + j, 2);
            }
    }
}

static void turn_pairs(const float *x, ptrdiff_t stride, float *y, ptrdiff_t y_stride, ptrdiff_t depth,
                       ptrdiff_t columns) {
    for (ptrdiff_t p = 0; p < depth; p += 32) {
        ptrdiff_t here = depth - p < 32 ? depth - p : 32;
        __mmask16 pairs_here = (__mmask16)((1u << ((here + 1) / 2)) - 1);
        for (ptrdiff_t j = 0; j < columns; j += 16) {
            ptrdiff_t wide = columns - j < 16 ? columns - j : 16;
            __mmask16 read = (__mmask16)((1u << wide) - 1);
            const float *from = x + p * stride + j;
            __m512 block[16];
#pragma clang loop unroll(full)
            for (int i = 0; i < 16; i++) {
                __m512 first = _mm512_maskz_loadu_ps(2 * i < here ? read : 0, from + 2 * i * stride);
                __m512 second = _mm512_maskz_loadu_ps(2 * i + 1 < here ? read : 0, from + (2 * i + 1) * stride);
                block[i] = (__m512)interleave(first, second);
            }
            turn16(block);
            for (ptrdiff_t i = 0; i < wide; i++)
                _mm512_mask_storeu_ps(y + (j + i) * y_stride + p / 2, pairs_here, block[i]);
        }
    }
}

// As the single-precision `dots`: the rows form one sequential stream of memory.
static void dots_pairs(const float *a, const float *b, ptrdiff_t stride, float *y, ptrdiff_t rows, ptrdiff_t n) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *row = b + r * stride;
        __m512 sums[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
        ptrdiff_t i = 0;
        for (; i + 64 <= n; i += 64) {
#pragma clang loop unroll(full)
            for (int k = 0; k < 4; k++) {
                __builtin_prefetch(row + i + 16 * k + 1024);
                sums[k] = _mm512_dpbf16_ps(sums[k], (__m512bh)_mm512_loadu_ps(a + i + 16 * k),
                                           (__m512bh)_mm512_loadu_ps(row + i + 16 * k));
            }
        }
        for (; i < n; i += 16) {
            __mmask16 here = n - i >= 16 ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
            sums[0] = _mm512_dpbf16_ps(sums[0], (__m512bh)_mm512_maskz_loadu_ps(here, a + i),
                                       (__m512bh)_mm512_maskz_loadu_ps(here, row + i));
        }
        y[r] = _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
    }
}

#define PRODUCT(f) f##_pairs
#define MULTIPLY_ADD(sum, s, v) multiply_add_pairs(sum, s, v)
#include "tiles.h"
#undef MULTIPLY_ADD
#undef PRODUCT

// Single-precision products: panels of b, and tiles over them.
enum { NAME(panel_columns) = PANEL_VECTORS * VECTOR_FLOATS };
#define PRODUCT(f) NAME(f)
#define MULTIPLY_ADD(sum, s, v) ((sum) + (s) * (v))
#include "tiles.h"
#undef MULTIPLY_ADD
#undef PRODUCT

static void NAME(pack_panel)(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, float *panel,
                             ptrdiff_t width, ptrdiff_t depth, ptrdiff_t columns) {
    if (column_stride == 1) {
        for (ptrdiff_t p = 0; p < depth; p++) {
            const float *row = b + p * row_stride;
            // The next rows may be pages away, out of reach of the hardware prefetcher.
            for (ptrdiff_t j = 0; j < columns; j += 16) __builtin_prefetch(row + 16 * row_stride + j);
            float *out = panel + p * width;
            if (columns == NAME(panel_columns)) {
                memcpy(out, row, sizeof(float) * NAME(panel_columns));
            } else {
                for (ptrdiff_t j = 0; j < columns; j++) out[j] = row[j];
                for (ptrdiff_t j = columns; j < width; j++) out[j] = 0;
            }
        }
    } else {
        ptrdiff_t j = 0;
#if LEVEL == 4
        // Read sixteen columns sequentially and transpose them in 16 x 16 blocks.
        for (; j + 16 <= columns && row_stride == 1; j += 16) {
            const float *column = b + j * column_stride;
            for (ptrdiff_t p = 0; p < depth; p += 16) {
                ptrdiff_t rows = depth - p < 16 ? depth - p : 16;
                __mmask16 here = (__mmask16)((1u << rows) - 1);
                __m512 block[16];
#pragma clang loop unroll(full)
                for (int i = 0; i < 16; i++) {
                    const float *x = column + i * column_stride + p;
                    __builtin_prefetch(x + 128);
                    block[i] = _mm512_maskz_loadu_ps(here, x);
                }
                turn16(block);
                for (ptrdiff_t i = 0; i < rows; i++) _mm512_storeu_ps(panel + (p + i) * width + j, block[i]);
            }
        }
#endif
        // Read four columns sequentially and transpose them in 4 x 4 blocks.
        for (; j + 4 <= columns && row_stride == 1; j += 4) {
            const float *b0 = b + j * column_stride, *b1 = b0 + column_stride, *b2 = b1 + column_stride,
                        *b3 = b2 + column_stride;
            float *out = panel + j;
            ptrdiff_t p = 0;
            for (; p + 4 <= depth; p += 4) {
                four r0 = *(const four *)(b0 + p), r1 = *(const four *)(b1 + p);
                four r2 = *(const four *)(b2 + p), r3 = *(const four *)(b3 + p);
                four low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
                four high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
                four low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
                four high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
                *(four *)(out + p * width) = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
                *(four *)(out + (p + 1) * width) = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
                *(four *)(out + (p + 2) * width) = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
                *(four *)(out + (p + 3) * width) = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
            }
            for (; p < depth; p++) {
                out[p * width] = b0[p];
                out[p * width + 1] = b1[p];
                out[p * width + 2] = b2[p];
                out[p * width + 3] = b3[p];
            }
        }
        for (; j < columns; j++) {
            const float *column = b + j * column_stride;
            for (ptrdiff_t p = 0; p < depth; p++) panel[p * width + j] = column[p * row_stride];
        }
        for (; j < width; j++)
            for (ptrdiff_t p = 0; p < depth; p++) panel[p * width + j] = 0;
    }
}

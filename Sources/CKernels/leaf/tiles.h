// Products of a with a panel of b, in tiles whose sums stay in registers over the whole depth: one to four vectors of
// columns by as many rows as the registers hold. Elements of a are broadcast, vectors of b loaded. Included once per
// element type: PRODUCT(f) names its functions, MULTIPLY_ADD(sum, s, v) is its sum + s v.

INLINE void PRODUCT(tile)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *b, ptrdiff_t ldb,
                          const float *start, float *c, ptrdiff_t ldc, const int rows, const int vectors,
                          ptrdiff_t depth, ptrdiff_t columns, int32_t accumulate) {
    NAME(vector) sum[12][PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sum[i][v] = start ? ((const NAME(vector) *)start)[v] : (NAME(vector)){0};
    // c is needed once the sums are done, so prefetch it now.
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v += 64 / (4 * VECTOR_FLOATS))
            __builtin_prefetch(c + i * ldc + v * VECTOR_FLOATS, 1);
    for (ptrdiff_t p = 0; p < depth; p++) {
        const NAME(vector) *row = (const NAME(vector) *)b;
        NAME(vector) values[PANEL_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) values[v] = row[v];
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            float s = a[i * row_stride];
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) sum[i][v] = MULTIPLY_ADD(sum[i][v], s, values[v]);
        }
        // The hardware prefetcher does not follow a transposed a across pages.
        __builtin_prefetch(a + 64 * column_stride);
        // Panels come from the L2 or L3 cache.
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v += 64 / (4 * VECTOR_FLOATS))
            __builtin_prefetch(b + 24 * ldb + v * VECTOR_FLOATS);
        a += column_stride;
        b += ldb;
    }
    if (columns == vectors * VECTOR_FLOATS) {
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            NAME(vector) *out = (NAME(vector) *)(c + i * ldc);
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) out[v] = accumulate ? out[v] + sum[i][v] : sum[i][v];
        }
    } else {
        float spare[NAME(panel_columns)];
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            memcpy(spare, sum[i], sizeof(NAME(vector)) * (size_t)vectors);
            float *out = c + i * ldc;
            for (ptrdiff_t j = 0; j < columns; j++) out[j] = accumulate ? out[j] + spare[j] : spare[j];
        }
    }
}

#define TILE(rows, vectors)                                                                                            \
    case rows:                                                                                                         \
        PRODUCT(tile)(a, row_stride, column_stride, b, ldb, start, c, ldc, rows, vectors, depth, columns, accumulate); \
        break;
// Rows are cut into tiles of nearly equal height, since a short tile cannot hide the latency of its sums.
#define ROWS(vectors, most, cases)                                                                                     \
    static void PRODUCT(rows##vectors)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride,                  \
                                       const float *b, ptrdiff_t ldb, const float *start, float *c, ptrdiff_t ldc,     \
                                       ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t columns, int32_t accumulate) {       \
        ptrdiff_t tiles = (rows + (most) - 1) / (most);                                                                \
        for (; tiles > 0; tiles--) {                                                                                   \
            ptrdiff_t height = (rows + tiles - 1) / tiles;                                                             \
            switch (height) { cases }                                                                                  \
            a += height * row_stride;                                                                                  \
            c += height * ldc;                                                                                         \
            rows -= height;                                                                                            \
        }                                                                                                              \
    }
#if PANEL_VECTORS == 4
ROWS(1, 12, TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1) TILE(7, 1) TILE(8, 1) TILE(9, 1)
    TILE(10, 1) TILE(11, 1) TILE(12, 1))
ROWS(2, 12, TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2) TILE(9, 2)
    TILE(10, 2) TILE(11, 2) TILE(12, 2))
ROWS(3, 8, TILE(1, 3) TILE(2, 3) TILE(3, 3) TILE(4, 3) TILE(5, 3) TILE(6, 3) TILE(7, 3) TILE(8, 3))
ROWS(4, 6, TILE(1, 4) TILE(2, 4) TILE(3, 4) TILE(4, 4) TILE(5, 4) TILE(6, 4))
#else
ROWS(1, 10, TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1) TILE(7, 1) TILE(8, 1) TILE(9, 1)
    TILE(10, 1))
ROWS(2, 6, TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2))
#endif
#undef ROWS
#undef TILE

static void PRODUCT(multiply_panel)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *b,
                                    ptrdiff_t ldb, const float *start, float *c, ptrdiff_t ldc, ptrdiff_t rows,
                                    ptrdiff_t depth, ptrdiff_t columns, int32_t accumulate) {
#if PANEL_VECTORS == 4
    if (columns > 3 * VECTOR_FLOATS)
        PRODUCT(rows4)(a, row_stride, column_stride, b, ldb, start, c, ldc, rows, depth, columns, accumulate);
    else if (columns > 2 * VECTOR_FLOATS)
        PRODUCT(rows3)(a, row_stride, column_stride, b, ldb, start, c, ldc, rows, depth, columns, accumulate);
    else
#endif
        if (columns > VECTOR_FLOATS)
        PRODUCT(rows2)(a, row_stride, column_stride, b, ldb, start, c, ldc, rows, depth, columns, accumulate);
    else
        PRODUCT(rows1)(a, row_stride, column_stride, b, ldb, start, c, ldc, rows, depth, columns, accumulate);
}

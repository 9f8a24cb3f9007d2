// A tile of TILE_ROWS rows by four vectors of columns is kept in registers over the whole depth.
typedef float NAME(vector) __attribute__((vector_size(4 * VECTOR_FLOATS), aligned(4)));
enum { NAME(panel_columns) = 4 * VECTOR_FLOATS };

static void NAME(pack_panel)(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, float *panel, ptrdiff_t depth,
                             ptrdiff_t columns) {
    enum { width = NAME(panel_columns) };
    if (column_stride == 1) {
        for (ptrdiff_t p = 0; p < depth; p++) {
            const float *row = b + p * row_stride;
            float *out = panel + p * width;
            if (columns == width) {
                memcpy(out, row, sizeof(float) * width);
            } else {
                for (ptrdiff_t j = 0; j < columns; j++) out[j] = row[j];
                for (ptrdiff_t j = columns; j < width; j++) out[j] = 0;
            }
        }
    } else {
        for (ptrdiff_t j = 0; j < columns; j++) {
            const float *column = b + j * column_stride;
            for (ptrdiff_t p = 0; p < depth; p++) panel[p * width + j] = column[p * row_stride];
        }
        for (ptrdiff_t j = columns; j < width; j++)
            for (ptrdiff_t p = 0; p < depth; p++) panel[p * width + j] = 0;
    }
}

INLINE void NAME(tile)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *panel, float *c, ptrdiff_t ldc,
                       int rows, ptrdiff_t depth, ptrdiff_t columns, int32_t accumulate) {
    NAME(vector) sum[TILE_ROWS][4];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < 4; v++) sum[i][v] = (NAME(vector)){0};
    for (ptrdiff_t p = 0; p < depth; p++) {
        const NAME(vector) *b = (const NAME(vector) *)(panel + p * NAME(panel_columns));
        NAME(vector) b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            float s = a[i * row_stride + p * column_stride];
            sum[i][0] += s * b0;
            sum[i][1] += s * b1;
            sum[i][2] += s * b2;
            sum[i][3] += s * b3;
        }
    }
    if (columns == NAME(panel_columns)) {
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            NAME(vector) *out = (NAME(vector) *)(c + i * ldc);
#pragma clang loop unroll(full)
            for (int v = 0; v < 4; v++) out[v] = accumulate ? out[v] + sum[i][v] : sum[i][v];
        }
    } else {
        float spare[NAME(panel_columns)];
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            memcpy(spare, sum[i], sizeof spare);
            float *out = c + i * ldc;
            for (ptrdiff_t j = 0; j < columns; j++) out[j] = accumulate ? out[j] + spare[j] : spare[j];
        }
    }
}

static void NAME(multiply_panel)(const float *a, ptrdiff_t row_stride, ptrdiff_t column_stride, const float *panel, float *c,
                                 ptrdiff_t ldc, ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t columns, int32_t accumulate) {
    ptrdiff_t i = 0;
    for (; i + TILE_ROWS <= rows; i += TILE_ROWS)
        NAME(tile)(a + i * row_stride, row_stride, column_stride, panel, c + i * ldc, ldc, TILE_ROWS, depth, columns, accumulate);
    for (; i < rows; i++)
        NAME(tile)(a + i * row_stride, row_stride, column_stride, panel, c + i * ldc, ldc, 1, depth, columns, accumulate);
}

static float NAME(dot)(const float *a, const float *b, ptrdiff_t n) {
    REASSOCIATE
    float s = 0;
    for (ptrdiff_t i = 0; i < n; i++) s += a[i] * b[i];
    return s;
}
INLINE float NAME(lane_sum)(NAME(vector) v) {
    REASSOCIATE
    float s = 0;
    for (int l = 0; l < VECTOR_FLOATS; l++) s += v[l];
    return s;
}
// One row after another: the weights of a model then form one sequential stream, which the hardware prefetches.
static void NAME(dots)(const float *a, const float *b, ptrdiff_t stride, float *y, ptrdiff_t rows, ptrdiff_t n) {
    enum { step = 4 * VECTOR_FLOATS };
    ptrdiff_t whole = n / step * step;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *row = b + r * stride;
        NAME(vector) sums[4] = {{0}, {0}, {0}, {0}};
        for (ptrdiff_t i = 0; i < whole; i += step) {
#pragma clang loop unroll(full)
            for (int k = 0; k < 4; k++) {
                __builtin_prefetch(row + i + k * VECTOR_FLOATS + 1024);
                sums[k] += *(const NAME(vector) *)(a + i + k * VECTOR_FLOATS) *
                           *(const NAME(vector) *)(row + i + k * VECTOR_FLOATS);
            }
        }
        float s = NAME(lane_sum)((sums[0] + sums[1]) + (sums[2] + sums[3]));
        for (ptrdiff_t i = whole; i < n; i++) s += a[i] * row[i];
        y[r] = s;
    }
}
// Explicit lanes: unless NaN is ruled out, the compiler keeps the order of a maximum. Comparisons skip NaN.
static float NAME(maximum)(const float *x, ptrdiff_t n) {
    enum { lanes = 2 * VECTOR_FLOATS };
    float m[lanes];
    for (int l = 0; l < lanes; l++) m[l] = -INFINITY;
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (int l = 0; l < lanes; l++) m[l] = m[l] < x[i + l] ? x[i + l] : m[l];
    for (int l = 0; i + l < n; l++) m[l] = m[l] < x[i + l] ? x[i + l] : m[l];
    for (int width = lanes / 2; width > 0; width /= 2)
        for (int l = 0; l < width; l++) m[l] = m[l] < m[l + width] ? m[l + width] : m[l];
    return m[0];
}
// In double, so that no square overflows, with enough lanes to hide the latency of a sum: runs at memory speed.
static double NAME(sum_of_squares)(const float *x, ptrdiff_t n) {
    REASSOCIATE
    enum { lanes = 4 * VECTOR_FLOATS };
    double sums[lanes] = {0}, total = 0;
    ptrdiff_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        __builtin_prefetch(x + i + 512);
#pragma clang loop unroll(full)
        for (int l = 0; l < lanes; l++) sums[l] += (double)x[i + l] * (double)x[i + l];
    }
    for (; i < n; i++) total += (double)x[i] * (double)x[i];
    for (int l = 0; l < lanes; l++) total += sums[l];
    return total;
}
// All exponent bits set: infinity or NaN. Blocks are scanned without branches; the first bad one is scanned again.
static ptrdiff_t NAME(first_non_finite)(const float *x, ptrdiff_t n) {
    for (ptrdiff_t start = 0; start < n; start += 1024) {
        ptrdiff_t end = start + 1024 < n ? start + 1024 : n;
        uint32_t bad = 0;
        for (ptrdiff_t i = start; i < end; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, 4);
            bad |= (bits & 0x7f800000u) == 0x7f800000u;
        }
        if (!bad) continue;
        for (ptrdiff_t i = start; i < end; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, 4);
            if ((bits & 0x7f800000u) == 0x7f800000u) return i;
        }
    }
    return -1;
}
static void NAME(column_sums)(const float *x, ptrdiff_t stride, float *sums, ptrdiff_t rows, ptrdiff_t columns) {
    ptrdiff_t r = 0;
    for (; r + 4 <= rows; r += 4) {
        const float *a = x + r * stride, *b = a + stride, *c = b + stride, *d = c + stride;
        LOOP for (ptrdiff_t j = 0; j < columns; j++) sums[j] += (a[j] + b[j]) + (c[j] + d[j]);
    }
    for (; r < rows; r++) {
        const float *a = x + r * stride;
        LOOP for (ptrdiff_t j = 0; j < columns; j++) sums[j] += a[j];
    }
}

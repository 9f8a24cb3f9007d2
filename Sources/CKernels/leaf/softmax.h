INLINE float NAME(row_sum)(const float *x, ptrdiff_t n) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += x[i];
    return sum;
}
// Maps floats to integers in the same order; its own inverse. An integer maximum is one instruction; a float maximum
// must handle NaN.
INLINE NAME(integers) NAME(ordered)(NAME(integers) bits) { return bits ^ ((bits >> 31) & INT32_MAX); }
// The maximum of n > 0 values. Must be readable up to a whole number of vectors.
INLINE float NAME(row_maximum)(const float *x, ptrdiff_t n) {
    NAME(integers) index;
    for (int l = 0; l < VECTOR_FLOATS; l++) index[l] = l;
    NAME(integers) least = (NAME(integers)){0} + INT32_MIN, m = least;
    ptrdiff_t i = 0;
    for (; i + VECTOR_FLOATS <= n; i += VECTOR_FLOATS)
        m = __builtin_elementwise_max(m, NAME(ordered)(*(const NAME(integers) *)(x + i)));
    if (i < n) {
        NAME(integers) inside = index < (int32_t)(n - i), bits = NAME(ordered)(*(const NAME(integers) *)(x + i));
        m = __builtin_elementwise_max(m, (bits & inside) | (least & ~inside));
    }
    int32_t bits = __builtin_reduce_max(m);
    bits ^= (bits >> 31) & INT32_MAX;
    float maximum;
    memcpy(&maximum, &bits, sizeof maximum);
    return maximum;
}
// Rows of scores are padded, so whole vectors are read and written. All rows use the same number of vectors, so no
// result depends on a row's length.
static void NAME(causal_softmax)(float *scores, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t keys,
                                 float scale, float *log_sums) {
    ptrdiff_t padded = (keys + VECTOR_FLOATS - 1) / VECTOR_FLOATS * VECTOR_FLOATS;
    // A row's maximum, exponentials and sum depend on each other, so a few rows run each stage together.
    enum { together = 8 };
    for (ptrdiff_t start = 0; start < rows; start += together) {
        ptrdiff_t count = rows - start < together ? rows - start : together;
        float *block = scores + start * stride, maxima[together], sums[together];
        for (ptrdiff_t r = 0; r < count; r++) maxima[r] = NAME(row_maximum)(block + r * stride, first + start + r + 1);
        for (ptrdiff_t r = 0; r < count; r++) {
            float *x = block + r * stride, maximum = maxima[r];
            int32_t length = (int32_t)(first + start + r + 1);
            LOOP for (int32_t i = 0; i < (int32_t)padded; i++) {
                float e = NAME(exp)(scale * (x[i] - maximum));
                x[i] = i < length ? e : 0.0f;
            }
        }
        for (ptrdiff_t r = 0; r < count; r++) sums[r] = NAME(row_sum)(block + r * stride, padded);
        for (ptrdiff_t r = 0; r < count; r++) {
            float *x = block + r * stride, inverse = 1.0f / sums[r];
            LOOP for (ptrdiff_t i = 0; i < padded; i++) x[i] *= inverse;
        }
        for (ptrdiff_t r = 0; r < count; r++) log_sums[start + r] = scale * maxima[r] + logf(sums[r]);
    }
}
static void NAME(causal_probabilities)(float *scores, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t first, ptrdiff_t keys,
                                       float scale, const float *log_sums) {
    ptrdiff_t padded = (keys + VECTOR_FLOATS - 1) / VECTOR_FLOATS * VECTOR_FLOATS;
    for (ptrdiff_t r = 0; r < rows; r++) {
        float *x = scores + r * stride, log_sum = log_sums[r];
        int32_t length = (int32_t)(first + r + 1);
        LOOP for (int32_t i = 0; i < (int32_t)padded; i++) {
            float e = NAME(exp)(scale * x[i] - log_sum);
            x[i] = i < length ? e : 0.0f;
        }
    }
}
static float NAME(exponential_sum)(float *x, float maximum, float scale, ptrdiff_t n) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        float e = NAME(exp)(scale * (x[i] - maximum));
        x[i] = e;
        sum += e;
    }
    return sum;
}
static void NAME(column_maxima)(float *x, const float *bias, float *maximum, ptrdiff_t rows, ptrdiff_t columns) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        float *row = x + i * columns;
        if (bias) {
            float b = bias[i];
            LOOP for (ptrdiff_t j = 0; j < columns; j++) {
                float v = row[j] + b;
                row[j] = v;
                maximum[j] = maximum[j] < v ? v : maximum[j];
            }
        } else {
            LOOP for (ptrdiff_t j = 0; j < columns; j++) maximum[j] = maximum[j] < row[j] ? row[j] : maximum[j];
        }
    }
}
static void NAME(column_exponentials)(float *x, const float *maximum, float *sums, ptrdiff_t rows, ptrdiff_t columns,
                                      int32_t keep) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        float *row = x + i * columns;
        if (keep) {
            LOOP for (ptrdiff_t j = 0; j < columns; j++) {
                float e = NAME(exp)(row[j] - maximum[j]);
                row[j] = e;
                sums[j] += e;
            }
        } else {
            LOOP for (ptrdiff_t j = 0; j < columns; j++) sums[j] += NAME(exp)(row[j] - maximum[j]);
        }
    }
}
static void NAME(softmax_backward)(const float *p, float *dp, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t keys,
                                   float scale, const float *deltas) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *probability = p + r * stride;
        float *out = dp + r * stride, delta = deltas[r];
        LOOP for (ptrdiff_t i = 0; i < keys; i++) out[i] = scale * probability[i] * (out[i] - delta);
    }
}

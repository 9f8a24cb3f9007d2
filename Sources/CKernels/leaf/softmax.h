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
static void NAME(column_exponentials)(float *x, const float *maximum, float *sums, ptrdiff_t rows, ptrdiff_t columns, int32_t keep) {
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
static void NAME(probabilities)(float *x, float scale, float log_sum, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) x[i] = NAME(exp)(scale * x[i] - log_sum);
}
static void NAME(softmax_backward)(const float *p, float *dp, float delta, float scale, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) dp[i] = scale * p[i] * (dp[i] - delta);
}

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
static float NAME(sum_of_exponentials)(const float *x, float maximum, ptrdiff_t n) {
    REASSOCIATE
    float sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += NAME(exp)(x[i] - maximum);
    return sum;
}
static void NAME(probabilities)(float *x, float scale, float log_sum, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) x[i] = NAME(exp)(scale * x[i] - log_sum);
}
static void NAME(softmax_backward)(const float *p, float *dp, float delta, float scale, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) dp[i] = scale * p[i] * (dp[i] - delta);
}

static void NAME(add)(const float *a, const float *b, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}
static void NAME(scale)(const float *x, float factor, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * x[i];
}
static void NAME(add_scaled)(const float *x, float factor, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] += factor * x[i];
}
static void NAME(fill)(float value, float *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = value;
}

// gelu in its tanh form: x s(2u), u = sqrt(2/pi) (x + 0.044715 x^3), s the logistic function, since (1 + tanh u)/2 =
// s(2u).
INLINE float NAME(gelu_gate)(float v) { return NAME(sigmoid1)(1.5957691216f * (v + 0.044715f * v * v * v)); }
INLINE float NAME(gelu_slope)(float v) {
    float s = NAME(gelu_gate)(v);
    return s + v * s * (1.0f - s) * 1.5957691216f * (1.0f + 3.0f * 0.044715f * v * v);
}
static void NAME(gelu)(const float *x, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) {
        float v = x[i];
        y[i] = v * NAME(gelu_gate)(v);
    }
}
static void NAME(gelu_backward)(const float *x, const float *dy, float *dx, ptrdiff_t n, int32_t accumulate) {
    if (accumulate) {
        LOOP for (ptrdiff_t i = 0; i < n; i++) dx[i] += dy[i] * NAME(gelu_slope)(x[i]);
    } else {
        LOOP for (ptrdiff_t i = 0; i < n; i++) dx[i] = dy[i] * NAME(gelu_slope)(x[i]);
    }
}

static void NAME(add)(const float *a, const float *b, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}
static void NAME(multiply)(const float *a, const float *b, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}
static void NAME(multiply_add)(const float *a, const float *b, float *y, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] += a[i] * b[i];
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

INLINE float NAME(positive)(float v) { return v < 0.0f ? 0.0f : v; }

// gelu in its tanh form: x s(2u), u = sqrt(2/pi) (x + 0.044715 x^3), s the logistic function, since (1 + tanh u)/2 =
// s(2u).
INLINE float NAME(gelu_gate)(float v) { return NAME(sigmoid1)(1.5957691216f * (v + 0.044715f * v * v * v)); }
INLINE float NAME(gelu_slope)(float v) {
    float s = NAME(gelu_gate)(v);
    return s + v * s * (1.0f - s) * 1.5957691216f * (1.0f + 3.0f * 0.044715f * v * v);
}
INLINE float NAME(silu_slope)(float v) {
    float s = NAME(sigmoid1)(v);
    return s * (1.0f + v * (1.0f - s));
}

#define UNARY(name, value)                                       \
    static void NAME(name)(const float *x, float *y, ptrdiff_t n) { \
        LOOP for (ptrdiff_t i = 0; i < n; i++) {                  \
            float v = x[i];                                       \
            y[i] = value;                                         \
        }                                                         \
    }
UNARY(exponential, NAME(exp)(v))
UNARY(sigmoid, NAME(sigmoid1)(v))
UNARY(hyperbolic_tangent, NAME(tanh1)(v))
UNARY(relu, NAME(positive)(v))
UNARY(relu_squared, NAME(positive)(v) * NAME(positive)(v))
UNARY(silu, v * NAME(sigmoid1)(v))
UNARY(gelu, v * NAME(gelu_gate)(v))
#undef UNARY

#define BACKWARD(name, slope)                                                                                     \
    static void NAME(name)(const float *x, const float *dy, float *dx, ptrdiff_t n, int32_t accumulate) {          \
        if (accumulate) {                                                                                         \
            LOOP for (ptrdiff_t i = 0; i < n; i++) {                                                              \
                float v = x[i];                                                                                   \
                dx[i] += dy[i] * (slope);                                                                         \
            }                                                                                                     \
        } else {                                                                                                  \
            LOOP for (ptrdiff_t i = 0; i < n; i++) {                                                              \
                float v = x[i];                                                                                   \
                dx[i] = dy[i] * (slope);                                                                          \
            }                                                                                                     \
        }                                                                                                         \
    }
BACKWARD(sigmoid_backward, v * (1.0f - v))
BACKWARD(hyperbolic_tangent_backward, 1.0f - v * v)
BACKWARD(relu_backward, v > 0.0f ? 1.0f : 0.0f)
BACKWARD(relu_squared_backward, 2.0f * NAME(positive)(v))
BACKWARD(silu_backward, NAME(silu_slope)(v))
BACKWARD(gelu_backward, NAME(gelu_slope)(v))
#undef BACKWARD

INLINE float NAME(limited)(float g, const struct lathe_update *u) {
    return NAME(limit)(g * u->gradient_scale, -u->clamp, u->clamp);
}
// torch.optim.SGD: g += decay w; velocity = g at the first step, then momentum velocity + g (dampening 0);
// w -= rate velocity.
static void NAME(sgd)(float *w, const float *g, float *velocity, ptrdiff_t n, const struct lathe_update *update,
                      int32_t first) {
    struct lathe_update u = *update;
    float momentum = first ? 0.0f : u.beta1;
    if (velocity) {
        LOOP for (ptrdiff_t i = 0; i < n; i++) {
            float d = NAME(limited)(g[i], &u) + u.decay * w[i];
            float v = momentum * velocity[i] + d;
            velocity[i] = v;
            w[i] -= u.rate * v;
        }
    } else {
        LOOP for (ptrdiff_t i = 0; i < n; i++) w[i] -= u.rate * (NAME(limited)(g[i], &u) + u.decay * w[i]);
    }
}
// torch.optim.Adam and AdamW: m += (1 - beta1)(g - m); v = beta2 v + (1 - beta2) g^2;
// w -= rate / correction1 m / (sqrt(v) / sqrt(correction2) + epsilon). Adam adds decay w to g, AdamW shrinks w by rate decay first.
#define ADAM(name, decay_in_gradient, shrink)                                                                          \
    static void NAME(name)(float *w, const float *g, float *m, float *v, ptrdiff_t n,                                  \
                           const struct lathe_update *update) {                                                        \
        struct lathe_update u = *update;                                                                               \
        float step = u.rate / u.bias_correction1, root = 1.0f / __builtin_elementwise_sqrt(u.bias_correction2);        \
        float new1 = 1.0f - u.beta1, new2 = 1.0f - u.beta2;                                                            \
        LOOP for (ptrdiff_t i = 0; i < n; i++) {                                                                       \
            float weight = w[i], d = NAME(limited)(g[i], &u);                                                          \
            decay_in_gradient;                                                                                         \
            shrink;                                                                                                    \
            float first = m[i] + new1 * (d - m[i]), second = u.beta2 * v[i] + new2 * d * d;                            \
            m[i] = first;                                                                                              \
            v[i] = second;                                                                                             \
            w[i] = weight - step * first / (__builtin_elementwise_sqrt(second) * root + u.epsilon);                    \
        }                                                                                                              \
    }
ADAM(adam, d += u.decay * weight, (void)0)
ADAM(adamw, (void)0, weight *= 1.0f - u.rate * u.decay)
#undef ADAM

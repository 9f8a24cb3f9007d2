static void NAME(layer_norm)(const float *x, const float *weight, const float *bias, float *y, float *mean, float *rstd,
                             ptrdiff_t rows, ptrdiff_t width, float epsilon) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *in = x + r * width;
        float *out = y + r * width, sum = 0, squares = 0;
        for (ptrdiff_t i = 0; i < width; i++) sum += in[i];
        float m = sum / (float)width;
        for (ptrdiff_t i = 0; i < width; i++) squares += (in[i] - m) * (in[i] - m);
        float s = 1.0f / __builtin_elementwise_sqrt(squares / (float)width + epsilon);
        if (bias) {
            LOOP for (ptrdiff_t i = 0; i < width; i++) out[i] = (in[i] - m) * s * weight[i] + bias[i];
        } else {
            LOOP for (ptrdiff_t i = 0; i < width; i++) out[i] = (in[i] - m) * s * weight[i];
        }
        mean[r] = m;
        rstd[r] = s;
    }
}

// With xhat = (x - mean) rstd and g = dy weight: dx = rstd (g - mean(g) - xhat mean(g xhat)).
static void NAME(layer_norm_backward)(const float *dy, const float *x, const float *weight, const float *mean,
                                      const float *rstd, float *dx, int32_t accumulate, float *weight_sums,
                                      float *bias_sums, ptrdiff_t rows, ptrdiff_t width) {
    REASSOCIATE
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *in = x + r * width, *g = dy + r * width;
        float *out = dx + r * width, m = mean[r], s = rstd[r], sum = 0, projection = 0;
        for (ptrdiff_t i = 0; i < width; i++) {
            float v = g[i] * weight[i];
            sum += v;
            projection += v * ((in[i] - m) * s);
        }
        sum /= (float)width;
        projection /= (float)width;
        if (weight_sums) {
            LOOP for (ptrdiff_t i = 0; i < width; i++) weight_sums[i] += g[i] * ((in[i] - m) * s);
        }
        if (bias_sums) {
            LOOP for (ptrdiff_t i = 0; i < width; i++) bias_sums[i] += g[i];
        }
        if (accumulate) {
            LOOP for (ptrdiff_t i = 0; i < width; i++)
                out[i] += s * (g[i] * weight[i] - sum - (in[i] - m) * s * projection);
        } else {
            LOOP for (ptrdiff_t i = 0; i < width; i++)
                out[i] = s * (g[i] * weight[i] - sum - (in[i] - m) * s * projection);
        }
    }
}

static void NAME(lstm_cell)(float *gates, ptrdiff_t stride, const float *c_before, float *c, float *h, ptrdiff_t n) {
    float *gi = gates, *gf = gates + stride, *gg = gates + 2 * stride, *go = gates + 3 * stride;
    LOOP for (ptrdiff_t u = 0; u < n; u++) {
        float i = NAME(sigmoid1)(gi[u]), f = NAME(sigmoid1)(gf[u]), g = NAME(tanh1)(gg[u]), o = NAME(sigmoid1)(go[u]);
        float cell = f * c_before[u] + i * g;
        gi[u] = i;
        gf[u] = f;
        gg[u] = g;
        go[u] = o;
        c[u] = cell;
        h[u] = o * NAME(tanh1)(cell);
    }
}

// h = o tanh c and c = f c_before + i g, with i, f, o = s(.) and g = tanh(.). Recomputing tanh c is cheaper than
// storing it.
static void NAME(lstm_cell_backward)(float *gates, ptrdiff_t stride, const float *c_before, const float *c,
                                     const float *dh, float *dc, ptrdiff_t n) {
    float *gi = gates, *gf = gates + stride, *gg = gates + 2 * stride, *go = gates + 3 * stride;
    LOOP for (ptrdiff_t u = 0; u < n; u++) {
        float i = gi[u], f = gf[u], g = gg[u], o = go[u], t = NAME(tanh1)(c[u]);
        float cell = dc[u] + dh[u] * o * (1.0f - t * t);
        gi[u] = cell * g * i * (1.0f - i);
        gf[u] = cell * c_before[u] * f * (1.0f - f);
        gg[u] = cell * i * (1.0f - g * g);
        go[u] = dh[u] * t * o * (1.0f - o);
        dc[u] = cell * f;
    }
}

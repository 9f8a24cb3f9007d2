// Propagates NaN, so that divergence is visible. fminf and fmaxf would hide it.
INLINE float NAME(limit)(float x, float least, float most) {
    x = x < least ? least : x;
    return x > most ? most : x;
}
// exp by Cephes' expf: x = k ln 2 + r, |r| <= (ln 2)/2, a polynomial in r of degree 6; relative error below 2e-7.
// Clamped so that 2^k stays a normal number: below -87.3 the result is 1.2e-38 instead of 0, above 88.3 it is 2.2e38
// instead of infinity.
INLINE float NAME(exp)(float x) {
    x = NAME(limit)(x, -87.3f, 88.3f);
    // Positive before the conversion, so that truncation rounds down.
    int32_t k = (int32_t)(x * 1.44269504088896341f + 128.5f) - 128;
    float f = (float)k;
    float r = x - f * 0.693359375f;
    r = r - f * -2.12194440e-4f;
    float p = 1.9875691500E-4f;
    p = p * r + 1.3981999507E-3f;
    p = p * r + 8.3334519073E-3f;
    p = p * r + 4.1665795894E-2f;
    p = p * r + 1.6666665459E-1f;
    p = p * r + 5.0000001201E-1f;
    p = p * (r * r) + r + 1.0f;
    int32_t bits = (k + 127) << 23;
    float power;
    memcpy(&power, &bits, 4);
    return p * power;
}
INLINE float NAME(sigmoid1)(float x) { return 1.0f / (1.0f + NAME(exp)(-x)); }
// Absolute error below 3e-7.
INLINE float NAME(tanh1)(float x) {
    float e = NAME(exp)(2.0f * NAME(limit)(x, -20.0f, 20.0f));
    return (e - 1.0f) / (e + 1.0f);
}

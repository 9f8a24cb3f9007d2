// 64 consecutive elements use the four words of 16 consecutive counters, word by word: element e has counter 16 (e /
// 64) + e % 16 and word (e / 16) % 4, so that vector lanes are neighbours in memory. key: {seed low, seed high, step,
// stream}.
enum { NAME(group) = 64 };
INLINE void NAME(random_group)(uint64_t group, const uint32_t *key, uint32_t *words) {
    uint32_t k0 = key[0], k1 = key[1], c2 = key[2], c3 = key[3];
    uint64_t first = group * 16;
    LOOP for (int j = 0; j < 16; j++) {
        uint64_t counter = first + (uint64_t)j;
        struct philox_block b = philox((uint32_t)counter, (uint32_t)(counter >> 32), c2, c3, k0, k1);
        words[j] = b.word[0];
        words[16 + j] = b.word[1];
        words[32 + j] = b.word[2];
        words[48 + j] = b.word[3];
    }
}
INLINE void NAME(dropout_part)(const float *x, float *y, const uint32_t *words, ptrdiff_t n, uint32_t threshold,
                               float factor, int32_t accumulate) {
    if (accumulate) {
        LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] += (words[i] >> 8) >= threshold ? factor * x[i] : 0.0f;
    } else {
        LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = (words[i] >> 8) >= threshold ? factor * x[i] : 0.0f;
    }
}
INLINE void NAME(uniform_part)(float *y, const uint32_t *words, ptrdiff_t n) {
    LOOP for (ptrdiff_t i = 0; i < n; i++) y[i] = (float)(words[i] >> 8) * 0x1p-24f;
}

// Box-Muller on words (0, 1) and (2, 3) of a counter: r cos(2 pi v), r sin(2 pi v) with r = sqrt(-2 ln u), 0 < u < 1.
// No operation may be contracted, so that initial weights are identical at every SIMD level.
INLINE void NAME(normals)(uint32_t *words, float *values) {
#pragma clang fp contract(off)
    for (int pair = 0; pair < 2; pair++) {
        uint32_t *radius = words + 32 * pair, *angle = radius + 16;
        float *cosines = values + 32 * pair, *sines = cosines + 16;
        LOOP for (int j = 0; j < 16; j++) {
            float u = ((float)(radius[j] >> 8) + 0.5f) * 0x1p-24f;
            // ln u = k ln 2 + ln m, sqrt(1/2) <= m < sqrt 2, as in Cephes' logf
            int32_t bits;
            memcpy(&bits, &u, 4);
            int32_t shifted = bits - 0x3f3504f3;
            int32_t k = shifted >> 23;
            int32_t mantissa = (shifted & 0x007fffff) + 0x3f3504f3;
            float m;
            memcpy(&m, &mantissa, 4);
            float z = m - 1.0f, z2 = z * z;
            float p = 7.0376836292E-2f;
            p = p * z - 1.1514610310E-1f;
            p = p * z + 1.1676998740E-1f;
            p = p * z - 1.2420140846E-1f;
            p = p * z + 1.4249322787E-1f;
            p = p * z - 1.6668057665E-1f;
            p = p * z + 2.0000714765E-1f;
            p = p * z - 2.4999993993E-1f;
            p = p * z + 3.3333331174E-1f;
            float ln = z * z2 * p - 0.5f * z2 + z + (float)k * 0.693147181f;
            float r = __builtin_elementwise_sqrt(fmaxf(-2.0f * ln, 0.0f));
            // Reduce to an eighth of a turn either side of the nearest quarter, then evaluate sine and cosine
            // polynomials.
            int32_t turn = (int32_t)(angle[j] >> 8);
            int32_t quarter = (turn + (1 << 21)) >> 22;
            float a = (float)(turn - (quarter << 22)) * 3.7450704e-7f;  // 2 pi / 2^24
            float a2 = a * a;
            float s = ((-1.9515295891E-4f * a2 + 8.3321608736E-3f) * a2 - 1.6666654611E-1f) * a2 * a + a;
            float c = ((2.443315711809948E-5f * a2 - 1.388731625493765E-3f) * a2 + 4.166664568298827E-2f) * a2 * a2 -
                      0.5f * a2 + 1.0f;
            int32_t swap = quarter & 1, negate_sine = quarter & 2, negate_cosine = (quarter + 1) & 2;
            float cosine = swap ? s : c, sine = swap ? c : s;
            cosines[j] = r * (negate_cosine ? -cosine : cosine);
            sines[j] = r * (negate_sine ? -sine : sine);
        }
    }
}

static void NAME(dropout)(const float *x, float *y, ptrdiff_t n, uint64_t first, uint32_t threshold, float factor,
                          const uint32_t *key, int32_t accumulate) {
    uint32_t words[NAME(group)];
    for (ptrdiff_t i = 0; i < n;) {
        uint64_t element = first + (uint64_t)i;
        ptrdiff_t offset = (ptrdiff_t)(element % NAME(group));
        ptrdiff_t count = NAME(group) - offset < n - i ? NAME(group) - offset : n - i;
        NAME(random_group)(element / NAME(group), key, words);
        if (count == NAME(group))
            NAME(dropout_part)(x + i, y + i, words, NAME(group), threshold, factor, accumulate);
        else
            NAME(dropout_part)(x + i, y + i, words + offset, count, threshold, factor, accumulate);
        i += count;
    }
}
static void NAME(fill_uniform)(float *y, ptrdiff_t n, uint64_t first, const uint32_t *key) {
    uint32_t words[NAME(group)];
    for (ptrdiff_t i = 0; i < n;) {
        uint64_t element = first + (uint64_t)i;
        ptrdiff_t offset = (ptrdiff_t)(element % NAME(group));
        ptrdiff_t count = NAME(group) - offset < n - i ? NAME(group) - offset : n - i;
        NAME(random_group)(element / NAME(group), key, words);
        NAME(uniform_part)(y + i, words + offset, count);
        i += count;
    }
}
static void NAME(fill_normal)(float *y, ptrdiff_t n, uint64_t first, const uint32_t *key) {
    uint32_t words[NAME(group)];
    float values[NAME(group)];
    for (ptrdiff_t i = 0; i < n;) {
        uint64_t element = first + (uint64_t)i;
        ptrdiff_t offset = (ptrdiff_t)(element % NAME(group));
        ptrdiff_t count = NAME(group) - offset < n - i ? NAME(group) - offset : n - i;
        NAME(random_group)(element / NAME(group), key, words);
        NAME(normals)(words, values);
        memcpy(y + i, values + offset, sizeof(float) * (size_t)count);
        i += count;
    }
}

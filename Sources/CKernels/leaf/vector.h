// One register of floats and of integers; may be unaligned in memory.
typedef float NAME(vector) __attribute__((vector_size(4 * VECTOR_FLOATS), aligned(4)));
typedef int32_t NAME(integers) __attribute__((vector_size(4 * VECTOR_FLOATS), aligned(4)));

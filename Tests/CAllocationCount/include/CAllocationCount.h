#pragma once
/// Allocations made by the whole process since its start, by any thread: malloc, calloc, realloc, aligned; Swift objects too.
/// Always 0 where the C library is not glibc.
unsigned long allocation_count(void);
/// The same, of the calling thread only.
unsigned long allocation_count_thread(void);

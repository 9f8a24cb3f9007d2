#pragma once

/// Allocations made by the whole process since it started, whoever asked: malloc, calloc, realloc and the aligned ones; Swift's objects too.
/// Always 0 where glibc is missing.
unsigned long allocation_count(void);

/// The same, of the calling thread only.
unsigned long allocation_count_thread(void);

/// Whether allocations are counted on this system.
int allocation_count_is_available(void);

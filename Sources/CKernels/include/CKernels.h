// Which few loops does portable Swift not express well? Each stands beside its plain equivalent, which is its oracle.
#ifndef SUOYIN_CKERNELS_H
#define SUOYIN_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `length` bytes, continuing from `seed` (0 to begin).
///
/// Uses the SSE4.2 instruction where the processor has it, else `suoyin_crc32c_portable`.
uint32_t suoyin_crc32c(uint32_t seed, const void *bytes, size_t length);

/// The same value from a byte-wise table: the oracle of the fast path, and the fallback.
uint32_t suoyin_crc32c_portable(uint32_t seed, const void *bytes, size_t length);

#endif

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

/// Unpacks 128 numbers of `width` bits (0 to 32), laid in four lanes: number i is in lane i % 4, at bit (i / 4) * width of the lane, whose
/// 32-bit words stand at every fourth place. Reads 16 * width bytes.
void suoyin_unpack128(const void *bytes, unsigned width, uint32_t *numbers);

/// The same, then each number becomes the sum of `base`, itself and all numbers before it, and one more for each of them: gaps less one
/// become ascending documents.
void suoyin_unpack_ascending128(const void *bytes, unsigned width, uint32_t base, uint32_t *numbers);

/// The second half of `suoyin_unpack_ascending128`, for numbers that had to be mended in between.
void suoyin_ascend128(uint32_t base, uint32_t *numbers);

/// Writes the places of the bits that are set in `count` 64-bit words, each plus `base`, ascending, and returns how many there are. Up to
/// eight further numbers are written behind them.
unsigned suoyin_bits_to_numbers(const void *words, unsigned count, uint32_t base, uint32_t *numbers);

/// Packs 128 numbers, each below 2^width, as `suoyin_unpack128` reads them. Writes 16 * width bytes.
void suoyin_pack128(const uint32_t *numbers, unsigned width, void *bytes);

/// BM25 of `count` postings in fixed point: for each, weight * f / (f + fixed_norm + length_norm * l), rounded to the nearest integer, even
/// ones in the middle. Frequencies and lengths are below 2^31, results below 2^51. `BM25.score(frequency:length:)` is its oracle.
void suoyin_bm25(const uint32_t *frequencies, const uint32_t *lengths, unsigned count, double weight, double fixed_norm, double length_norm,
                 int64_t *scores);

/// The plain equivalent of `suoyin_unpack128`: its oracle.
void suoyin_unpack128_portable(const void *bytes, unsigned width, uint32_t *numbers);

#endif

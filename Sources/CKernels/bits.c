// How do numbers of equal width lie side by side, and come back? The lowest bit comes first. Eight numbers begin with a byte, and have as many
// bytes as each has bits. The plain loops that these equal are in the tests.
#include "CKernels.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

// Words have their lowest byte first, here as in files.
INLINE uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

INLINE void store64(uint8_t *bytes, uint64_t word) { memcpy(bytes, &word, 8); }

/// Of four numbers that have 64 bits at most one.
INLINE uint64_t four(const uint32_t *numbers, unsigned width) {
  const uint64_t low = numbers[0] | (uint64_t)numbers[1] << width, high = numbers[2] | (uint64_t)numbers[3] << width;
  return low | high << 2 * width;
}

size_t suoyin_pack_bits(const uint32_t *numbers, size_t count, unsigned width, uint8_t *bytes) {
  size_t i = 0;
  if (width == 0)
    return 0;
  uint8_t *to = bytes;
  for (; width < 16 && i + 8 <= count; i += 8, to += width) {
    const uint64_t low = four(numbers + i, width), high = four(numbers + i + 4, width);
    store64(to, low | high << 4 * width);
    store64(to + 8, high >> (64 - 4 * width));
  }
  uint64_t pending = 0;
  unsigned pending_count = 0;
  for (; i < count; i++) {
    pending |= (uint64_t)numbers[i] << pending_count;
    store64(to, pending);
    pending_count += width;
    to += pending_count / 8;
    pending >>= pending_count / 8 * 8;
    pending_count %= 8;
  }
  return (count * width + 7) / 8;
}

/// The number that begins with a bit, with whatever is above it.
INLINE uint32_t number_at(const uint8_t *bytes, size_t length, size_t bit) {
  const size_t byte = bit / 8;
  if (byte + 8 <= length)
    return (uint32_t)(load64(bytes + byte) >> bit % 8);
  uint64_t word = 0;
  for (size_t i = byte; i < length; i++)
    word |= (uint64_t)bytes[i] << 8 * (i - byte);
  return (uint32_t)(word >> bit % 8);
}

#if defined(__x86_64__)
#include <immintrin.h>

/// Wider numbers may have bits in five bytes.
enum { widest = 25 };

/// For each width where the bytes of eight numbers are, those of the last four behind half as many bytes as there are in all, and by how many
/// bits they are shifted.
static struct { uint8_t bytes[32]; uint32_t shifts[8]; } eight_of[widest + 1];

__attribute__((constructor)) static void fill_eight_of(void) {
  for (unsigned width = 0; width <= widest; width++)
    for (unsigned i = 0; i < 8; i++) {
      const unsigned bit = i * width, first = bit / 8 - (i < 4 ? 0 : width / 2);
      for (unsigned byte = 0; byte < 4; byte++)
        eight_of[width].bytes[4 * i + byte] = (uint8_t)(first + byte);
      eight_of[width].shifts[i] = bit % 8;
    }
}

/// Reads eight numbers at a time as long as sixteen bytes lie behind the half of them, and says how many.
__attribute__((target("avx2"))) static size_t unpack_avx2(const uint8_t *bytes, size_t length, size_t count, unsigned width,
                                                          uint32_t *numbers) {
  const __m256i places = _mm256_loadu_si256((const __m256i *)eight_of[width].bytes);
  const __m256i shifts = _mm256_loadu_si256((const __m256i *)eight_of[width].shifts);
  const __m256i mask = _mm256_set1_epi32((1 << width) - 1);
  const size_t half = width / 2;
  size_t i = 0;
  for (size_t byte = 0; i < count && byte + half + 16 <= length; i += 8, byte += width) {
    const __m128i low = _mm_loadu_si128((const __m128i *)(bytes + byte)), high = _mm_loadu_si128((const __m128i *)(bytes + byte + half));
    const __m256i four_bytes = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), places);
    _mm256_storeu_si256((__m256i *)(numbers + i), _mm256_and_si256(_mm256_srlv_epi32(four_bytes, shifts), mask));
  }
  return i;
}
#endif

void suoyin_unpack_bits(const uint8_t *bytes, size_t length, size_t count, unsigned width, uint32_t *numbers) {
  const uint32_t mask = width >= 32 ? UINT32_MAX : ((uint32_t)1 << width) - 1;
  size_t i = 0;
#if defined(__x86_64__)
  if (width <= widest && __builtin_cpu_supports("avx2"))
    i = unpack_avx2(bytes, length, count, width, numbers);
#endif
  for (; i < count; i++)
    numbers[i] = number_at(bytes, length, i * width) & mask;
}

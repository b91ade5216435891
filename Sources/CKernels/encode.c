// How do the 128 postings of a block become few bits? The other way is in unpack.c.
//
// Each loop looks at many numbers at a time where the processor can; the plain loops that they equal are in the tests.
#include "CKernels.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE unsigned width_of(uint32_t number) { return number ? 32 - (unsigned)__builtin_clz(number) : 0; }

/// The least gain of the first exception, and of every one the two bytes that it takes.
INLINE unsigned best_width(const uint32_t *numbers, unsigned least_gain, unsigned *exceptions) {
  uint32_t all = 0;
  for (unsigned i = 0; i < 128; i++)
    all |= numbers[i];
  const unsigned widest = width_of(all);
  unsigned best = widest, best_length = 16 * widest;
  *exceptions = 0;
  // An exception keeps eight upper bits.
  for (unsigned width = widest; width > 0 && width + 8 > widest;) {
    width -= 1;
    uint32_t wider = 0;
    for (unsigned i = 0; i < 128; i++)
      wider += numbers[i] >> width != 0;
    if (wider > SUOYIN_MOST_EXCEPTIONS)
      break;
    const unsigned length = 16 * width + 2 * wider;
    if (length + (*exceptions ? 0 : least_gain) >= best_length)
      continue;
    best = width;
    best_length = length;
    *exceptions = wider;
  }
  return best;
}

INLINE void differences(const uint32_t *documents, uint32_t previous, uint32_t *gaps) {
  gaps[0] = documents[0] - previous - 1;
  for (unsigned i = 1; i < 128; i++)
    gaps[i] = documents[i] - documents[i - 1] - 1;
}

INLINE unsigned split(uint32_t *numbers, unsigned width, uint8_t *exceptions) {
  uint8_t is_wider[128];
  unsigned count = 0;
  for (unsigned i = 0; i < 128; i++)
    is_wider[i] = numbers[i] >> width != 0;
  for (unsigned start = 0; start < 128; start += 8) {
    uint64_t eight;
    memcpy(&eight, is_wider + start, 8);
    for (; eight; eight &= eight - 1) {
      const unsigned i = start + (unsigned)__builtin_ctzll(eight) / 8;
      exceptions[count++] = (uint8_t)i;
      exceptions[count++] = (uint8_t)(numbers[i] >> width);
      numbers[i] &= ((uint32_t)1 << width) - 1;
    }
  }
  return count / 2;
}

INLINE uint64_t sum_of(const uint32_t *numbers, size_t count, uint32_t *least) {
  uint64_t sum = 0;
  uint32_t smallest = UINT32_MAX;
  for (size_t i = 0; i < count; i++) {
    sum += numbers[i];
    smallest = numbers[i] < smallest ? numbers[i] : smallest;
  }
  *least = smallest;
  return sum;
}

/// Frequencies below this are looked for one after another.
enum { few = 8 };

/// The least length of those postings that have a frequency.
INLINE uint32_t least_length(const uint32_t *frequencies, const uint32_t *lengths, uint32_t frequency) {
  uint32_t shortest = UINT32_MAX;
  for (unsigned i = 0; i < 128; i++) {
    const uint32_t length = frequencies[i] == frequency ? lengths[i] : UINT32_MAX;
    shortest = length < shortest ? length : shortest;
  }
  return shortest;
}

INLINE struct suoyin_block_summary summary(const uint32_t *documents, const uint32_t *frequencies, const uint32_t *lengths,
                                           uint32_t *least) {
  uint32_t of_posting[128], greatest = 0, low_sum = 0;
  for (unsigned i = 0; i < 128; i++) {
    greatest = frequencies[i] > greatest ? frequencies[i] : greatest;
    low_sum += frequencies[i];
  }
  // Of 128 numbers below 2^24 the sum has 32 bits.
  uint64_t sum = low_sum;
  if (greatest >= 1 << 24) {
    sum = 0;
    for (unsigned i = 0; i < 128; i++)
      sum += frequencies[i];
  }
  if (lengths)
    for (unsigned i = 0; i < 128; i++)
      of_posting[i] = lengths[documents[i]];
  else
    memset(of_posting, 0, sizeof of_posting);
  for (uint32_t frequency = 1; frequency < few && frequency <= greatest; frequency++)
    least[frequency] = least_length(frequencies, of_posting, frequency);
  if (greatest < few)
    return (struct suoyin_block_summary){sum, greatest};
  uint8_t is_greater[128];
  for (unsigned i = 0; i < 128; i++)
    is_greater[i] = frequencies[i] >= few;
  for (unsigned start = 0; start < 128; start += 8) {
    uint64_t eight;
    memcpy(&eight, is_greater + start, 8);
    for (; eight; eight &= eight - 1) {
      const unsigned i = start + (unsigned)__builtin_ctzll(eight) / 8;
      if (frequencies[i] < SUOYIN_SMALL_FREQUENCIES && of_posting[i] < least[frequencies[i]])
        least[frequencies[i]] = of_posting[i];
    }
  }
  return (struct suoyin_block_summary){sum, greatest};
}

void suoyin_numbers_to_bits128(const uint32_t *numbers, uint32_t base, unsigned count, uint8_t *words) {
  memset(words, 0, 8 * count);
  uint64_t bits = 0;
  uint32_t last = 0;
  for (unsigned i = 0; i < 128; i++) {
    const uint32_t place = numbers[i] - base, word = place / 64;
    // Every time, so that no bit waits for what was written before it.
    bits = (word == last ? bits : 0) | (uint64_t)1 << place % 64;
    last = word;
    memcpy(words + 8 * word, &bits, 8);
  }
}

typedef uint32_t lanes __attribute__((vector_size(16)));

/// Four numbers at a time, `width` being a constant in every call.
INLINE void pack(const uint32_t *numbers, const unsigned width, uint8_t *bytes) {
  lanes pending = {0, 0, 0, 0};
#pragma clang loop unroll(full)
  for (unsigned row = 0; row < 32; row++) {
    const unsigned bit = row * width, shift = bit % 32;
    lanes v;
    memcpy(&v, numbers + 4 * row, 16);
    pending |= v << shift;
    if (shift + width < 32)
      continue;
    memcpy(bytes + 16 * (bit / 32), &pending, 16);
    pending = shift + width > 32 ? v >> (32 - shift) : (lanes){0, 0, 0, 0};
  }
}

void suoyin_pack128(const uint32_t *numbers, unsigned width, void *bytes) {
  switch (width) {
#define CASE(w) case w: pack(numbers, w, bytes); return;
#define CASES4(w) CASE(w) CASE(w + 1) CASE(w + 2) CASE(w + 3)
    CASES4(1) CASES4(5) CASES4(9) CASES4(13) CASES4(17) CASES4(21) CASES4(25) CASES4(29)
  default: return;
  }
}

#if defined(__x86_64__)
#define WITH_AVX2(call) \
  if (__builtin_cpu_supports("avx2")) \
    return call;
#define AVX2 static __attribute__((target("avx2")))
AVX2 unsigned best_width_avx2(const uint32_t *numbers, unsigned least_gain, unsigned *exceptions) {
  return best_width(numbers, least_gain, exceptions);
}
AVX2 void differences_avx2(const uint32_t *documents, uint32_t previous, uint32_t *gaps) { differences(documents, previous, gaps); }
AVX2 unsigned split_avx2(uint32_t *numbers, unsigned width, uint8_t *exceptions) { return split(numbers, width, exceptions); }
AVX2 uint64_t sum_avx2(const uint32_t *numbers, size_t count, uint32_t *least) { return sum_of(numbers, count, least); }
AVX2 struct suoyin_block_summary summary_avx2(const uint32_t *documents, const uint32_t *frequencies, const uint32_t *lengths,
                                              uint32_t *least) {
  return summary(documents, frequencies, lengths, least);
}
#else
#define WITH_AVX2(call)
#endif

unsigned suoyin_best_width128(const uint32_t *numbers, unsigned least_gain, unsigned *exceptions) {
  WITH_AVX2(best_width_avx2(numbers, least_gain, exceptions))
  return best_width(numbers, least_gain, exceptions);
}

void suoyin_gaps128(const uint32_t *documents, uint32_t previous, uint32_t *gaps) {
  WITH_AVX2(differences_avx2(documents, previous, gaps))
  differences(documents, previous, gaps);
}

unsigned suoyin_split_exceptions128(uint32_t *numbers, unsigned width, uint8_t *exceptions) {
  WITH_AVX2(split_avx2(numbers, width, exceptions))
  return split(numbers, width, exceptions);
}

uint64_t suoyin_sum(const uint32_t *numbers, size_t count, uint32_t *least) {
  WITH_AVX2(sum_avx2(numbers, count, least))
  return sum_of(numbers, count, least);
}

struct suoyin_block_summary suoyin_summary128(const uint32_t *documents, const uint32_t *frequencies, const uint32_t *lengths,
                                              uint32_t *least) {
  WITH_AVX2(summary_avx2(documents, frequencies, lengths, least))
  return summary(documents, frequencies, lengths, least);
}

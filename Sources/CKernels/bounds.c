// What do the postings of each block score at most? A frontier is a division for each of its pairs: all of a block at a time.
#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// The bytes of a pair: a frequency and a length. 255 stands for all greater frequencies.
enum { pair_length = 3, unlimited = 255, entry_length = 12 };

static inline int64_t rounded(double part) {
  const double rounding = 4503599627370496.0; // 2^52
  const double sum = part + rounding;
  int64_t bits, zero;
  memcpy(&bits, &sum, sizeof bits);
  memcpy(&zero, &rounding, sizeof zero);
  return bits - zero;
}

static int64_t bound(const uint8_t *bytes, size_t length, size_t start, struct suoyin_similarity s) {
  if (start >= length || bytes[start] == 0 || start + 1 + bytes[start] * pair_length > length)
    return s.limit;
  const uint8_t *pair = bytes + start + 1;
  double best = 0;
  for (unsigned i = 0; i < bytes[start]; i++, pair += pair_length) {
    if (pair[0] == unlimited)
      return s.limit;
    const double frequency = pair[0], number = pair[1] | pair[2] << 8;
    const double part = s.weight * frequency / (frequency + s.fixed_norm + s.length_norm * number);
    best = part > best ? part : best;
  }
  // The rounding of two scores may differ by a unit.
  return rounded(best) + 1;
}

static size_t frontier_start(const uint8_t *entries, size_t body, size_t block) {
  uint32_t offset;
  memcpy(&offset, entries + block * entry_length + 4, sizeof offset);
  return body + offset + 3;
}

void suoyin_block_bounds_portable(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count,
                                  struct suoyin_similarity s, int64_t *bounds) {
  for (unsigned block = 0; block < count; block++)
    bounds[block] = bound(bytes, length, frontier_start(bytes + entries, body, block), s);
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static void block_bounds_avx2(const uint8_t *bytes, size_t length, size_t entries, size_t body,
                                                              unsigned count, struct suoyin_similarity s, int64_t *bounds) {
  const __m128i frequency_bytes = _mm_setr_epi8(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1);
  const __m128i length_bytes = _mm_setr_epi8(2, 3, -1, -1, 5, 6, -1, -1, 8, 9, -1, -1, 11, 12, -1, -1);
  const __m256d weight = _mm256_set1_pd(s.weight), fixed_norm = _mm256_set1_pd(s.fixed_norm), length_norm = _mm256_set1_pd(s.length_norm);
  for (unsigned block = 0; block < count; block++) {
    const size_t start = frontier_start(bytes + entries, body, block);
    if (start + 16 > length || (unsigned)bytes[start] - 1 >= 4) {
      bounds[block] = bound(bytes, length, start, s);
      continue;
    }
    const __m128i raw = _mm_loadu_si128((const __m128i *)(bytes + start));
    const __m128i is_there = _mm_cmpgt_epi32(_mm_set1_epi32(bytes[start]), _mm_setr_epi32(0, 1, 2, 3));
    const __m128i frequencies = _mm_and_si128(_mm_shuffle_epi8(raw, frequency_bytes), is_there);
    const __m256d frequency = _mm256_cvtepi32_pd(frequencies);
    const __m256d number = _mm256_cvtepi32_pd(_mm_shuffle_epi8(raw, length_bytes));
    const __m256d norm = _mm256_add_pd(_mm256_add_pd(frequency, fixed_norm), _mm256_mul_pd(length_norm, number));
    // No pair may give 0 / 0: then the other one is taken.
    const __m256d parts = _mm256_max_pd(_mm256_div_pd(_mm256_mul_pd(weight, frequency), norm), _mm256_setzero_pd());
    const __m128d two = _mm_max_pd(_mm256_castpd256_pd128(parts), _mm256_extractf128_pd(parts, 1));
    const double best = _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)));
    const int is_unlimited = _mm_movemask_epi8(_mm_cmpeq_epi32(frequencies, _mm_set1_epi32(unlimited)));
    bounds[block] = is_unlimited ? s.limit : rounded(best) + 1;
  }
}
#endif

void suoyin_block_bounds(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count, struct suoyin_similarity s,
                         int64_t *bounds) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    block_bounds_avx2(bytes, length, entries, body, count, s, bounds);
    return;
  }
#endif
  suoyin_block_bounds_portable(bytes, length, entries, body, count, s, bounds);
}

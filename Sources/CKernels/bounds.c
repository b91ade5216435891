// What do the postings of each block score at most? A frontier is a division for each of its pairs: all of a block at a time.
#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

/// The bytes of a pair: a frequency and a length. 255 stands for all greater frequencies, 65535 for all greater lengths. Of four pairs, the most
/// that there are, some may have been joined.
enum { pair_length = 3, unlimited = 255, longest = 65535, entry_length = 12, joined_count = 4 };

static inline int64_t rounded(double part) {
  const double rounding = 4503599627370496.0; // 2^52
  const double sum = part + rounding;
  int64_t bits, zero;
  memcpy(&bits, &sum, sizeof bits);
  memcpy(&zero, &rounding, sizeof zero);
  return bits - zero;
}

static double score(double frequency, double length, struct suoyin_similarity s) {
  return s.weight * frequency / (frequency + s.fixed_norm + s.length_norm * length);
}

static void bound(const uint8_t *bytes, size_t length, size_t start, struct suoyin_similarity s, int64_t *bound, int64_t *reached) {
  int64_t unused;
  reached = reached ? reached : &unused;
  *bound = s.limit;
  *reached = 0;
  if (start >= length || bytes[start] == 0 || start + 1 + bytes[start] * pair_length > length)
    return;
  const unsigned count = bytes[start];
  double best = 0, sure = 0;
  for (unsigned i = 0; i < count; i++) {
    const uint8_t *pair = bytes + start + 1 + i * pair_length;
    if (pair[0] == unlimited)
      return;
    const unsigned length = pair[1] | pair[2] << 8;
    const double part = score(pair[0], length, s);
    best = part > best ? part : best;
    // Of pairs that may have been joined, the length is that of a posting with a higher frequency than the pair before has.
    const double sure_part = score(count < joined_count ? pair[0] : i > 0 ? pair[-pair_length] + 1 : 1, length, s);
    sure = sure_part > sure && length < longest ? sure_part : sure;
  }
  // The rounding of two scores may differ by a unit.
  *bound = rounded(best) + 1;
  *reached = sure < 1 ? 0 : rounded(sure) - 1;
}

static size_t frontier_start(const uint8_t *entries, size_t body, size_t block) {
  uint32_t offset;
  memcpy(&offset, entries + block * entry_length + 4, sizeof offset);
  return body + offset + 3;
}

void suoyin_block_bounds_portable(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count,
                                  struct suoyin_similarity s, int64_t *bounds, int64_t *reached) {
  for (unsigned block = 0; block < count; block++)
    bound(bytes, length, frontier_start(bytes + entries, body, block), s, &bounds[block], reached ? &reached[block] : 0);
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline double best_of_4(__m128i frequencies, __m256d norm, struct suoyin_similarity s) {
  const __m256d frequency = _mm256_cvtepi32_pd(frequencies);
  const __m256d parts = _mm256_div_pd(_mm256_mul_pd(_mm256_set1_pd(s.weight), frequency), _mm256_add_pd(frequency, norm));
  // No pair may give 0 / 0: then the other operand is taken.
  const __m256d real = _mm256_max_pd(parts, _mm256_setzero_pd());
  const __m128d two = _mm_max_pd(_mm256_castpd256_pd128(real), _mm256_extractf128_pd(real, 1));
  return _mm_cvtsd_f64(_mm_max_sd(two, _mm_unpackhi_pd(two, two)));
}

__attribute__((target("avx2"))) static void block_bounds_avx2(const uint8_t *bytes, size_t length, size_t entries, size_t body,
                                                              unsigned count, struct suoyin_similarity s, int64_t *bounds,
                                                              int64_t *reached) {
  const __m128i frequency_bytes = _mm_setr_epi8(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1);
  const __m128i length_bytes = _mm_setr_epi8(2, 3, -1, -1, 5, 6, -1, -1, 8, 9, -1, -1, 11, 12, -1, -1);
  for (unsigned block = 0; block < count; block++) {
    const size_t start = frontier_start(bytes + entries, body, block);
    if (start + 16 > length || (unsigned)bytes[start] - 1 >= joined_count) {
      bound(bytes, length, start, s, &bounds[block], reached ? &reached[block] : 0);
      continue;
    }
    const __m128i raw = _mm_loadu_si128((const __m128i *)(bytes + start));
    const __m128i is_there = _mm_cmpgt_epi32(_mm_set1_epi32(bytes[start]), _mm_setr_epi32(0, 1, 2, 3));
    const __m128i frequencies = _mm_and_si128(_mm_shuffle_epi8(raw, frequency_bytes), is_there);
    const __m128i lengths = _mm_shuffle_epi8(raw, length_bytes);
    if (_mm_movemask_epi8(_mm_cmpeq_epi32(frequencies, _mm_set1_epi32(unlimited)))) {
      bound(bytes, length, start, s, &bounds[block], reached ? &reached[block] : 0);
      continue;
    }
    const __m256d norm =
      _mm256_add_pd(_mm256_set1_pd(s.fixed_norm), _mm256_mul_pd(_mm256_set1_pd(s.length_norm), _mm256_cvtepi32_pd(lengths)));
    bounds[block] = rounded(best_of_4(frequencies, norm, s)) + 1;
    if (!reached)
      continue;
    const __m128i higher = _mm_add_epi32(_mm_slli_si128(frequencies, 4), _mm_set1_epi32(1));
    const __m128i known = _mm_cmpgt_epi32(_mm_set1_epi32(longest), lengths);
    const double sure = best_of_4(_mm_and_si128(known, bytes[start] < joined_count ? frequencies : higher), norm, s);
    reached[block] = sure < 1 ? 0 : rounded(sure) - 1;
  }
}
#endif

void suoyin_block_bounds(const uint8_t *bytes, size_t length, size_t entries, size_t body, unsigned count, struct suoyin_similarity s,
                         int64_t *bounds, int64_t *reached) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    block_bounds_avx2(bytes, length, entries, body, count, s, bounds, reached);
    return;
  }
#endif
  suoyin_block_bounds_portable(bytes, length, entries, body, count, s, bounds, reached);
}
